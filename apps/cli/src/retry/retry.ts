import type { Checkpoints, TestRecord } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { readPaceStatus } from '@inventory/queue';
import { exitCode, openRuntime, type Runtime, UsageError } from '@inventory/runtime';
import { circuitJson } from '@inventory/status';
import type { Answer } from '../answer/answer.ts';
import { type ResolvedTest, resolveTest } from '../find-test/resolve-test.ts';
import { enqueueAgain, enqueueLost } from './enqueue-again.ts';
import { retryLines } from './retry-lines.ts';
import { sortErrors } from './sort-errors.ts';

const batch = 500;

/**
 * Enqueues again what ended in errors. Needs no credentials; workers do the rest.
 * @param words UUIDs of tests; none means all that ended in errors
 * @returns code 1 when one of the words is no test that ended in an error
 * @throws UsageError when nothing may be asked of the Results API, RunLostError
 */
export async function retry(settings: LoadedSettings, words: readonly string[]): Promise<Answer> {
  if (settings.classifyBy === 'metadata') {
    throw new UsageError('CLASSIFY_BY=metadata asks nothing of the Results API: set auto or probe to retry.');
  }
  const runtime = await openRuntime({ settings, name: 'retry' });
  try {
    await runtime.fill();
    const asked = words.length > 0 ? await named(runtime, words) : await allErrors(runtime);
    const sorted = await sortErrors(asked.portions);
    const enqueued = await enqueueAgain(runtime, sorted.failed);
    const lost = await enqueueLost(runtime, sorted.waiting);
    const pace = await readPaceStatus(runtime.keyspace);
    const facts = {
      ...sorted,
      waiting: sorted.waiting.filter((uuid) => !lost.includes(uuid)),
      lost,
      enqueued,
      unknown: asked.unknown,
      workspaces: asked.workspaces,
      workers: pace.processes.length,
      held: pace.held,
      circuit: pace.circuit,
      now: pace.now,
    };
    const { failed: _, now: __, ...shown } = facts;
    const json = { ...shown, circuit: circuitJson(pace.circuit) };
    const left = asked.unknown.length + (words.length > 0 ? sorted.withoutError.length + sorted.unlisted.length : 0);
    return { code: left === 0 ? exitCode.done : exitCode.partial, lines: retryLines(facts), json };
  } finally {
    await runtime.close();
  }
}

interface Asked {
  readonly portions: AsyncIterable<readonly TestRecord[]> | Iterable<readonly TestRecord[]>;
  readonly unknown: readonly Exclude<ResolvedTest, { kind: 'found' }>[];
  /** Workspaces whose listing ended in an error. */
  readonly workspaces: number;
}

async function named({ checkpoints }: Runtime, words: readonly string[]): Promise<Asked> {
  const records = new Map<string, TestRecord>();
  const unknown: Exclude<ResolvedTest, { kind: 'found' }>[] = [];
  for (const word of words) {
    const resolved = await resolveTest(checkpoints, word);
    if (resolved.kind === 'found') records.set(resolved.record.uuid, resolved.record);
    else unknown.push(resolved);
  }
  return { portions: [[...records.values()]], unknown, workspaces: 0 };
}

async function allErrors({ checkpoints }: Runtime): Promise<Asked> {
  const keys = new Set<string>();
  for await (const portion of checkpoints.inventory.scanErrors()) for (const [key] of portion) keys.add(key);
  const tests = [...keys].filter((key) => !key.startsWith('workspace:')).sort();
  return { portions: recordsOf(checkpoints, tests), unknown: [], workspaces: keys.size - tests.length };
}

async function* recordsOf(checkpoints: Checkpoints, uuids: readonly string[]): AsyncGenerator<readonly TestRecord[]> {
  for (let from = 0; from < uuids.length; from += batch) {
    yield await checkpoints.inventory.records(uuids.slice(from, from + batch));
  }
}
