import { type RuleSetName, ruleSetNames } from '@inventory/classification';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { enqueueRun, readPaceStatus } from '@inventory/queue';
import { type CommandContext, exitCode, openQueue, openRuntime, type Runtime, UsageError } from '@inventory/runtime';
import { Command, Option } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { type ReclassifyFacts, reclassifyLines } from './reclassify-report.ts';
import { type Reevaluation, reevaluate } from './reevaluate.ts';

const hour = 3_600_000;

export interface ReclassifyOptions {
  readonly rules: RuleSetName;
  readonly dryRun?: boolean;
}

export function reclassifyCommand({ end }: CommandContext): Command {
  return new Command('reclassify')
    .description(
      'Re-evaluates stored answers with a rule set, without a request, and probes by that rule set from then on. ' +
        'Tests that lack an answer are enqueued. Declared and imported tests stay as they are.',
    )
    .addOption(new Option('--rules <set>', 'the rule set').choices(ruleSetNames).makeOptionMandatory())
    .option('--dry-run', 'only show what would change')
    .option('--json', 'print one JSON object')
    .action(async (options: ReclassifyOptions & { json?: boolean }) =>
      end(printAnswer(await reclassify(loadSettings(), options), options)),
    );
}

/**
 * Puts a rule set in force and re-evaluates all probed tests with it. Sends no request: tests that lack an answer are
 * enqueued for the workers. Can be interrupted and started again.
 * @throws UsageError when the settings forbid requests to the Results API; RulesChangedError, RunLostError
 */
export async function reclassify(settings: LoadedSettings, options: ReclassifyOptions): Promise<Answer> {
  const { rules, dryRun = false } = options;
  if (settings.classifyBy === 'metadata' && !dryRun) {
    throw new UsageError('CLASSIFY_BY=metadata forbids requests to the Results API: set auto or probe to reclassify.');
  }
  await using runtime = await openRuntime({ settings, name: 'reclassify' });
  const { checkpoints } = runtime;
  const before = await checkpoints.rules();
  if (!dryRun) {
    await runtime.fill();
    // Before the evaluation, so that no worker applies the old rules to a test that it has passed.
    await checkpoints.chooseRules(rules);
  }
  const found = await reevaluate(checkpoints, { rules, weakMs: settings.provisionalHours * hour });
  const queued = new Set(found.lacks.filter((test) => test.queued).map(({ uuid }) => uuid));
  const done = dryRun ? wouldDo(found) : await apply(runtime, rules, found);
  const { processes } = await readPaceStatus(runtime.keyspace);
  const changed = done.changes.map(({ test }) => test).filter(({ from, to }) => from !== to);
  const facts: ReclassifyFacts = {
    rules,
    before,
    dryRun,
    changed,
    renamed: done.changes.length - changed.length,
    same: found.same,
    toAsk: done.enqueued.filter((uuid) => !queued.has(uuid)),
    lacking: countProbes(found.lacks.filter((test) => !test.queued)),
    queued: queued.size,
    leftAlone: found.leftAlone,
    undecided: found.undecided,
    workers: processes.length,
  };
  return { code: exitCode.done, lines: reclassifyLines(facts), json: facts };
}

interface Done {
  readonly changes: Reevaluation['changes'];
  /** UUIDs of tests that lack an answer. */
  readonly enqueued: readonly string[];
}

function wouldDo({ changes, lacks }: Reevaluation): Done {
  return { changes, enqueued: lacks.map(({ uuid }) => uuid) };
}

/**
 * Gives tests their new verdicts, and enqueues those that lack an answer as a separate run. What was done before an
 * interruption is kept; the same call again does the rest.
 */
async function apply(runtime: Runtime, rules: RuleSetName, { changes, lacks }: Reevaluation): Promise<Done> {
  const { known, runs } = runtime.checkpoints;
  const { changed } = await known.reclassify(
    { rules, run: null },
    changes.map(({ reevaluated }) => reevaluated),
  );
  const applied = new Set(changed);
  const done = changes.filter(({ test }) => applied.has(test.testUuid));
  if (lacks.length === 0) return { changes: done, enqueued: [] };
  await using queue = openQueue(runtime).queue;
  const select = async (run: string): Promise<readonly string[]> =>
    (
      await known.reclassify(
        { rules, run },
        lacks.map(({ reevaluated }) => reevaluated),
      )
    ).opened;
  const { uuids } = await enqueueRun({ runs, queue, selection: 'reclassify', why: 'recheck', select });
  return { changes: done, enqueued: uuids };
}

/** How many tests lack the answer of each probe first. */
function countProbes(lacks: Reevaluation['lacks']): ReclassifyFacts['lacking'] {
  const counts: Partial<Record<Reevaluation['lacks'][number]['probe'], number>> = {};
  for (const { probe } of lacks) counts[probe] = (counts[probe] ?? 0) + 1;
  return counts;
}
