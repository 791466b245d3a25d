import { createHash } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportRow, exportColumns, type IncrementRow, incrementBytes, readIncrement } from '@inventory/exports';
import { removeLeftBehind } from '@inventory/files';
import { displayPath } from '@inventory/logger';
import { type Runtime, UsageError } from '@inventory/runtime';
import { generationOf } from '@inventory/state-files';
import { ExportFileError, wholeRows, writeTexts } from './table.ts';

/** Whether `--out` names a folder, also one that does not exist yet. */
export async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith('/')) return true;
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/**
 * Adds a Parquet file to a folder with the tests that differ from what its files say, and those that were forgotten; none
 * when nothing has changed. The file appears in one step, so an export that is killed has done nothing.
 * @returns what was done, for people
 * @throws UsageError for a folder of another account or with files that are not ours; ExportFileError;
 * CheckpointsLostError when Redis was emptied during the export; the signal's reason after it
 */
export async function exportIncrement(
  { checkpoints, fill }: Pick<Runtime, 'checkpoints' | 'fill'>,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  await fill();
  const generation = await generationOf(checkpoints);
  const known = await readFolder(folder, checkpoints.prefix);
  // Read before the tests: what changes in between is in the next increment too.
  const revision = Math.max(await checkpoints.inventory.revision(), known.revision + 1);
  const counts = { changed: 0, removed: 0 };
  const isOurs = known.generation === generation;
  const current = wholeRows({ checkpoints, generation, signal });
  const rows = differences(current, { known: known.digests, revision, counts, isOurs });
  const first = await rows.next();
  if (first.done === true) return `${displayPath(folder)} (nothing has changed)`;
  async function* all(): AsyncGenerator<readonly IncrementRow[]> {
    yield first.value ?? [];
    yield* rows;
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new ExportFileError(folder, error);
  });
  await removeLeftBehind(folder, (name) => nameForm.test(name));
  const path = join(folder, nameOf(revision));
  const facts = { prefix: checkpoints.prefix, generation };
  await writeTexts(path, () => incrementBytes(all(), facts));
  return `${displayPath(path)} (${counts.changed} new or changed, ${counts.removed} removed)`;
}

/** How an increment is named: by its revision, so that names are in order. */
const nameForm = /^tests-\d{16}\.parquet$/;
const nameOf = (revision: number): string => `tests-${String(revision).padStart(16, '0')}.parquet`;

/** What the files of a folder say. */
interface Known {
  /** The digest of each test's latest row. */
  readonly digests: Map<string, string>;
  readonly revision: number;
  /** Of the checkpoints that the latest file is from; empty without a file. */
  readonly generation: string;
}

async function readFolder(folder: string, prefix: string): Promise<Known> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => nameForm.test(name)).sort();
  const digests = new Map<string, string>();
  let [revision, generation] = [0, ''];
  for (const name of names) {
    const path = join(folder, name);
    const { rows, facts } = await readIncrement(path).catch(() => {
      throw new UsageError(`${path} is not a file that this program has written: remove it, or name another folder.`);
    });
    if (facts['prefix'] !== prefix) {
      throw new UsageError(
        `${folder} has the tests of another account (QUEUE_PREFIX ${facts['prefix']}, here ${prefix}): name another folder.`,
      );
    }
    for (const row of rows) {
      if (row.deleted) digests.delete(row.test_uuid);
      else digests.set(row.test_uuid, digestOf(row));
    }
    revision = Number(/\d{16}/.exec(name));
    generation = facts['generation'] ?? '';
  }
  return { digests, revision, generation };
}

interface DifferenceOptions {
  readonly known: Map<string, string>;
  readonly revision: number;
  readonly counts: { changed: number; removed: number };
  /** Whether the latest file is from these checkpoints; otherwise not all tests can be gone. */
  readonly isOurs: boolean;
}

/** The rows that differ from the known ones, then the known ones that are gone; no empty portions. */
async function* differences(
  current: AsyncIterable<readonly ExportRow[]>,
  { known, revision, counts, isOurs }: DifferenceOptions,
): AsyncGenerator<readonly IncrementRow[]> {
  const gone = new Set(known.keys());
  for await (const rows of current) {
    for (const { test_uuid } of rows) gone.delete(test_uuid);
    const changed = rows.filter((row) => known.get(row.test_uuid) !== digestOf(row));
    counts.changed += changed.length;
    if (changed.length > 0) yield changed.map((row) => ({ ...row, revision, deleted: false }));
  }
  if (gone.size === 0) return;
  if (gone.size === known.size && !isOurs) {
    throw new UsageError(
      `None of the ${gone.size} tests in the folder is in Redis: nothing was written. Is REDIS_URL the one of this account?`,
    );
  }
  counts.removed = gone.size;
  yield [...gone].map((test_uuid) => ({ test_uuid, revision, deleted: true }));
}

function digestOf(row: Omit<IncrementRow, 'revision' | 'deleted'>): string {
  const cells = exportColumns.map(({ name }) => row[name] ?? null);
  return createHash('sha256').update(JSON.stringify(cells)).digest('base64');
}
