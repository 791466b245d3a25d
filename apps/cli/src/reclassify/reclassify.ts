import type { RuleSetName } from '@inventory/classification';
import type { LoadedSettings } from '@inventory/config';
import { readPaceStatus } from '@inventory/queue';
import { exitCode, openRuntime, type Runtime, UsageError } from '@inventory/runtime';
import type { Answer } from '../answer/answer.ts';
import { applyRules } from './apply-rules.ts';
import { type JudgedLibrary, judgeLibrary, lackedProbes } from './judge-library.ts';
import { type ReclassifyFacts, reclassifyLines } from './reclassify-lines.ts';

const hour = 3_600_000;

export interface ReclassifyOptions {
  readonly rules: RuleSetName;
  /** Only say what would change. */
  readonly dryRun?: boolean;
}

/**
 * Judges all probed tests by a set of rules, which is the one for all probes from then on. Makes no request: tests
 * that lack an answer are enqueued for the workers. Can be interrupted and started again.
 * @throws UsageError when nothing may be asked of the Results API; RulesChangedError, RunLostError
 */
export async function reclassify(settings: LoadedSettings, options: ReclassifyOptions): Promise<Answer> {
  const { rules, dryRun = false } = options;
  if (settings.classifyBy === 'metadata' && !dryRun) {
    throw new UsageError('CLASSIFY_BY=metadata asks nothing of the Results API: set auto or probe to reclassify.');
  }
  const runtime = await openRuntime({ settings, name: 'reclassify' });
  const { checkpoints } = runtime;
  try {
    const before = await checkpoints.rules();
    if (!dryRun) {
      await runtime.fill();
      // First, so that no worker decides by the old rules what the walk has passed.
      await checkpoints.chooseRules(rules);
    }
    const library = await judgeLibrary(checkpoints, { rules, weakMs: settings.provisionalHours * hour });
    const done = dryRun ? wouldBe(library) : await applied(runtime, rules, library);
    const { processes } = await readPaceStatus(runtime.keyspace);
    const facts = { rules, before, dryRun, ...done, ...rest(library), workers: processes.length };
    return { code: exitCode.done, lines: reclassifyLines(facts), json: facts };
  } finally {
    await runtime.close();
  }
}

type Done = Pick<ReclassifyFacts, 'changed' | 'renamed' | 'toAsk'>;

function wouldBe({ changes, lacks }: JudgedLibrary): Done {
  return { ...split(changes), toAsk: lacks.filter(({ queued }) => !queued).map(({ uuid }) => uuid) };
}

async function applied(runtime: Runtime, rules: RuleSetName, { changes, lacks }: JudgedLibrary): Promise<Done> {
  const judged = { changes: changes.map((each) => each.judged), lacks: lacks.map((each) => each.judged) };
  const { changed, opened } = await applyRules(runtime, rules, judged);
  const really = new Set(changed);
  const queued = new Set(lacks.filter((each) => each.queued).map(({ uuid }) => uuid));
  const toAsk = opened.filter((uuid) => !queued.has(uuid));
  return { ...split(changes.filter(({ test }) => really.has(test.uuid))), toAsk };
}

function split(changes: JudgedLibrary['changes']): Pick<Done, 'changed' | 'renamed'> {
  const changed = changes.map(({ test }) => test).filter(({ from, to }) => from !== to);
  return { changed, renamed: changes.length - changed.length };
}

function rest(library: JudgedLibrary): Pick<ReclassifyFacts, 'same' | 'lacking' | 'queued' | 'leftAlone'> {
  const queued = library.lacks.filter((each) => each.queued).length;
  return { same: library.same, lacking: lackedProbes(library), queued, leftAlone: library.leftAlone };
}
