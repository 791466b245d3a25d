import { isInUse, readTestRecords } from '@inventory/checkpoints';
import type { Home } from '@inventory/process';
import { assertOwnStateDir, knownTests } from '@inventory/state-files';
import type { Known } from './stand-of.ts';

const batch = 500;

/**
 * What is known of tests, in their order: from the checkpoints, or, where there are none, from the state files that
 * the next start would take over.
 * @throws StateDirError when those belong to another prefix or cannot be read
 */
export async function readKnown({ checkpoints, settings }: Home, uuids: readonly string[]): Promise<Known[]> {
  if (!(await isInUse(checkpoints))) {
    await assertOwnStateDir(settings.stateDir, checkpoints.prefix);
    return fromStateFiles(settings.stateDir, uuids);
  }
  const known: Known[] = [];
  for (let from = 0; from < uuids.length; from += batch) {
    const records = await readTestRecords(checkpoints, uuids.slice(from, from + batch));
    known.push(...records.map((record) => ({ ...record, failed: record.error !== null })));
  }
  return known;
}

async function fromStateFiles(stateDir: string, uuids: readonly string[]): Promise<Known[]> {
  const { tests, failed } = await knownTests(stateDir);
  const categories = new Map(tests.map(({ uuid, category }) => [uuid, category]));
  const failures = new Set(failed);
  return uuids.map((uuid) => {
    const category = categories.get(uuid);
    const verdict =
      category === undefined ? null : ({ category, rule: 'imported', source: 'imported', at: 0 } as const);
    return { verdict, evidence: {}, open: false, failed: verdict === null && failures.has(uuid) };
  });
}
