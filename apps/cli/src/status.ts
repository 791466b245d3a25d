import type { Checkpoints } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { commandLine } from '@inventory/logger';
import { type CommandContext, exitCode, openRuntime, UsageError } from '@inventory/runtime';
import { readRun, readStatus, type Status, statusJson } from '@inventory/status';
import { isoTime } from '@inventory/status/words';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { runReportLines, statusLines } from './status-report.ts';

export function statusCommand({ end }: CommandContext): Command {
  return new Command('status')
    .description('Tests by type, progress, workers, limits, token, errors. Needs no credentials.')
    .option('--run <id>', 'what one run took and changed; latest is the last one')
    .option('--json', 'print one JSON object')
    .action(async (options: { run?: string; json?: boolean }) => {
      end(printAnswer(await status(loadSettings(), options), options));
    });
}

/** How many tests of each kind a run lists for people, and in its JSON. */
const shownTests = { lines: 20, json: 1000 };

/**
 * The status, or one run, read from Redis alone.
 * @throws RedisUnavailableError and its like; UsageError for a run that is not known
 */
export async function status(settings: LoadedSettings, { run }: { readonly run?: string } = {}): Promise<Answer> {
  await using runtime = await openRuntime({ settings, name: 'status' });
  const { checkpoints } = runtime;
  if (run !== undefined) return await oneRun(checkpoints, run);
  const facts = await readStatus(runtime);
  return { code: exitCode.done, lines: statusLines(facts), json: statusFacts(facts) };
}

async function oneRun(checkpoints: Checkpoints, id: string): Promise<Answer> {
  const report = await readRun(checkpoints, { id, most: shownTests.json });
  if (report === null) {
    const known = (await checkpoints.runs.list()).map((each) => each.id).slice(-5);
    if (known.length === 0) throw new UsageError(`There has been no run yet; ${commandLine('start')} begins one.`);
    throw new UsageError(`No run ${id} is known (any more): the last ones are ${known.join(', ')}.`);
  }
  const few = Object.entries(report.tests).map(([kind, tests]) => [kind, tests.slice(0, shownTests.lines)]);
  const lines = runReportLines({ ...report, tests: Object.fromEntries(few) }, await checkpoints.now());
  return { code: exitCode.done, lines, json: report };
}

/** The status for machines, with the numbers of tests. */
export function statusFacts(facts: Status): object {
  const { redis, totals } = facts;
  const { tests: known, byCategory, undecided, open, provisional, provisionalFrom, unconfirmed } = totals;
  const tests = {
    known,
    by_category: byCategory,
    undecided,
    open,
    provisional,
    provisional_from: isoTime(provisionalFrom),
    unconfirmed,
  };
  return { ...statusJson(facts), redis, tests };
}
