import type { Checkpoints, TestRecord } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { enqueueRun, OpenTests, readPaceStatus, type TestQueue } from '@inventory/queue';
import { type CommandContext, exitCode, openQueue, openRuntime, type Runtime, UsageError } from '@inventory/runtime';
import { circuitJson } from '@inventory/status';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { findAllTests, type MissedTest } from './find-test.ts';
import { retryLines, type SortedTests } from './retry-report.ts';

const batch = 500;

export function retryCommand({ end }: CommandContext): Command {
  return new Command('retry')
    .description('Enqueues again the tests that ended in errors; workers do the rest.')
    .argument('[test-uuid...]', 'only these tests; by default all that ended in errors')
    .option('--json', 'print one JSON object')
    .action(async (uuids: string[], options: { json?: boolean }) =>
      end(printAnswer(await retry(loadSettings(), uuids), options)),
    );
}

/**
 * Enqueues again the tests that ended in errors. Needs no credentials; workers do the rest.
 * @param words UUIDs of tests; none means all that ended in errors
 * @returns code 1 when one of the words is not a test that ended in an error
 * @throws UsageError when the settings forbid requests to the Results API, RunLostError
 */
export async function retry(settings: LoadedSettings, words: readonly string[]): Promise<Answer> {
  if (settings.classifyBy === 'metadata') {
    throw new UsageError('CLASSIFY_BY=metadata forbids requests to the Results API: set auto or probe to retry.');
  }
  await using runtime = await openRuntime({ settings, name: 'retry' });
  await using queue = openQueue(runtime).queue;
  await runtime.fill();
  const named = words.length > 0;
  const asked = named ? await namedTests(runtime.checkpoints, words) : await failedTests(runtime.checkpoints);
  const sorted = await sortTests(asked.portions);
  const enqueued = await enqueueFailed(runtime, queue, sorted.failed);
  const lost = await new OpenTests(runtime.checkpoints.inventory, queue).requeueSome(sorted.waiting);
  const { processes, held, circuit, now } = await readPaceStatus(runtime.keyspace);
  const { failed, ...left } = sorted;
  const shown = {
    ...left,
    waiting: left.waiting.filter((uuid) => !lost.includes(uuid)),
    enqueued,
    lost,
    unknown: asked.unknown,
    workspaces: asked.workspaces,
    workers: processes.length,
    held,
  };
  const missed = asked.unknown.length + (named ? sorted.withoutError.length + sorted.unlisted.length : 0);
  return {
    code: missed === 0 ? exitCode.done : exitCode.partial,
    lines: retryLines({ ...shown, circuit, now }),
    json: { ...shown, circuit: circuitJson(circuit) },
  };
}

interface AskedTests {
  readonly portions: AsyncIterable<readonly TestRecord[]> | Iterable<readonly TestRecord[]>;
  readonly unknown: readonly MissedTest[];
  /** Number of workspaces whose listing ended in an error. */
  readonly workspaces: number;
}

async function namedTests(checkpoints: Checkpoints, words: readonly string[]): Promise<AskedTests> {
  const { found, missed } = await findAllTests(checkpoints, words);
  return { portions: [found], unknown: missed, workspaces: 0 };
}

async function failedTests(checkpoints: Checkpoints): Promise<AskedTests> {
  const keys = new Set<string>();
  for await (const portion of checkpoints.inventory.scanErrors()) for (const [key] of portion) keys.add(key);
  const tests = [...keys].filter((key) => !key.startsWith('workspace:')).sort();
  return { portions: readInPortions(checkpoints, tests), unknown: [], workspaces: keys.size - tests.length };
}

async function* readInPortions(checkpoints: Checkpoints, uuids: readonly string[]): AsyncGenerator<TestRecord[]> {
  for (let from = 0; from < uuids.length; from += batch) {
    yield await checkpoints.inventory.records(uuids.slice(from, from + batch));
  }
}

/** Sorts tests by what `retry` can do with them. */
export async function sortTests(portions: AskedTests['portions']): Promise<SortedTests> {
  const sorted: Record<keyof SortedTests, string[]> = { failed: [], waiting: [], withoutError: [], unlisted: [] };
  for await (const records of portions) for (const record of records) sorted[kindOf(record)].push(record.uuid);
  return sorted;
}

function kindOf({ listing, error, open }: TestRecord): keyof SortedTests {
  if (open) return 'waiting';
  // A test that was probed again may have a verdict and an error: the error is the newer one.
  if (error === null) return 'withoutError';
  return listing === null ? 'unlisted' : 'failed';
}

/** Enqueues tests as a separate run. @returns those that no other process enqueued first */
async function enqueueFailed(
  { checkpoints }: Runtime,
  queue: TestQueue,
  failed: readonly string[],
): Promise<readonly string[]> {
  if (failed.length === 0) return [];
  const select = (run: string): Promise<string[]> => checkpoints.known.retry(run, failed);
  const { uuids } = await enqueueRun({ runs: checkpoints.runs, queue, selection: 'retry', why: 'new', select });
  return uuids;
}
