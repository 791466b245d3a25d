import { createHash } from 'node:crypto';
import type { Checkpoints } from '@inventory/checkpoints';
import { type ExportRow, exportColumns, withoutNul } from '@inventory/exports';
import { printable } from '@inventory/logger';
import type { Runtime } from '@inventory/runtime';
import { generationOf } from '@inventory/state-files';
import { wholeRows } from '../table.ts';
import { Database } from './database.ts';
import { PostgresError } from './errors.ts';
import { exportInfo, migrate, testsTable, typedColumns } from './schema.ts';

const names = exportColumns.map(({ name }) => name);
const list = (prefix = ''): string => names.map((name) => `${prefix}${name}`).join(', ');

/** Adds rows, given as JSON, that are new, and replaces those that differ. */
const upsert = `
  insert into ${testsTable} as known (${list()}, revision, updated_at)
  select ${list()}, $2, statement_timestamp() from json_to_recordset($1) as given (${typedColumns})
  on conflict (test_uuid) do update
  set (${list()}, revision, updated_at) = (${list('excluded.')}, excluded.revision, excluded.updated_at)
  where (${list('known.')}) is distinct from (${list('excluded.')})`;

/** Removes the tests behind a UUID and up to another one (null: to the end), but for those that are given. */
const removeOthers = `
  delete from ${testsTable}
  where test_uuid > $1 and ($2::text is null or test_uuid <= $2) and test_uuid <> all($3::text[])`;

/** What is known about the table; empty before the first export. */
interface ExportInfo {
  readonly prefix: string;
  readonly generation: string;
  readonly revision: string;
  readonly mark: string;
  /** How many tests it has. */
  readonly tests: number;
}

/**
 * Makes the table `usertesting_tests` of a PostgreSQL the same as the inventory: only rows that differ are written, and
 * tests that were forgotten are removed. The rows, and what they are the state of, are stored in one transaction: an
 * export that is killed has done nothing. Where nothing has changed since the last export, no test is read.
 * @param address `postgres://…`
 * @returns lines for people
 * @throws UsageError for another address; PostgresError, which says what to do; CheckpointsLostError when Redis was
 * emptied during the export; the signal's reason after it
 */
export async function exportToPostgres(
  runtime: Pick<Runtime, 'checkpoints' | 'fill' | 'secrets'>,
  address: string,
  signal: AbortSignal,
): Promise<string> {
  await using database = await Database.open({ address, secrets: runtime.secrets, signal });
  await runtime.fill();
  const done = await database.transaction(async () => {
    // One export at a time; the next one finds what this one has stored.
    const lock = `pg_advisory_xact_lock(hashtext(current_schema() || '.${testsTable}'))`;
    await database.run(`set local lock_timeout = '10s'; select ${lock}`);
    await migrate(database);
    return await update(runtime.checkpoints, database, signal);
  });
  const { host, database: name } = database.place;
  return printable(`${testsTable} in ${name} on ${host} (${done})`);
}

/** Brings the tables up to date. @returns what was done */
async function update(checkpoints: Checkpoints, database: Database, signal: AbortSignal): Promise<string> {
  const generation = await generationOf(checkpoints);
  // Both are read before the tests: what changes in between is exported again next time.
  const known = await checkpoints.inventory.revision();
  const mark = await markOf(checkpoints, known);
  const info = await readInfo(database, checkpoints.prefix);
  const revision = Math.max(known, Number(info.revision) + 1);
  const { tests } = await checkpoints.inventory.totals();
  // Somebody may have deleted rows.
  const isWhole = info.tests === tests;
  if (isWhole && info.mark === mark && info.generation === generation) return 'nothing has changed';
  const counts = { tests: 0, changed: 0, removed: 0 };
  let last = '';
  const removeUpTo = async (end: string | null, rows: readonly ExportRow[]): Promise<void> => {
    const { rowCount } = await database.query(removeOthers, [last, end, rows.map(({ test_uuid }) => test_uuid)]);
    counts.removed += rowCount ?? 0;
  };
  for await (const page of wholeRows({ checkpoints, generation, signal })) {
    // PostgreSQL could not tell such a test from another one.
    const rows = page.filter(({ test_uuid }) => !test_uuid.includes('\0'));
    const { rowCount } = await database.query(upsert, [
      JSON.stringify(rows, (_, value: unknown) => withoutNul(value)),
      revision,
    ]);
    counts.changed += rowCount ?? 0;
    counts.tests += rows.length;
    const end = rows.at(-1)?.test_uuid ?? last;
    await removeUpTo(end, rows);
    last = end;
  }
  await removeUpTo(null, []);
  if (counts.removed > 0 && counts.removed === info.tests && info.generation !== generation) {
    throw new PostgresError(
      `none of the ${info.tests} tests in the table is in Redis: nothing was changed. Is REDIS_URL the one of this account?`,
    );
  }
  await database.query(
    `update ${exportInfo} set prefix = $1, generation = $2, revision = $3, mark = $4, exported_at = now()`,
    [checkpoints.prefix, generation, revision, mark],
  );
  return `${counts.changed} new or changed, ${counts.removed} removed, ${counts.tests} tests`;
}

/** @throws PostgresError when the table has the tests of another account */
async function readInfo(database: Database, prefix: string): Promise<ExportInfo> {
  const count = `(select count(*)::integer from ${testsTable}) as tests`;
  const { rows } = await database.query<ExportInfo>(
    `select prefix, generation, revision, mark, ${count} from ${exportInfo}`,
  );
  const info = rows[0] ?? { prefix: '', generation: '', revision: '0', mark: '', tests: 0 };
  if (info.prefix === '' || info.prefix === prefix) return info;
  throw new PostgresError(
    `the table has the tests of another account (QUEUE_PREFIX ${info.prefix}, here ${prefix}): choose another ` +
      'database, or another schema by adding ?options=-c%20search_path%3DSCHEMA to the address.',
  );
}

/** The same text means the same rows: the revision knows all but which tests are still listed. */
async function markOf({ listing }: Checkpoints, revision: number): Promise<string> {
  // Redis gives them in another order after each start.
  const entries = [...(await listing.workspaces())].map((entry) => JSON.stringify(entry)).sort();
  return `${revision} ${createHash('sha256').update(entries.join()).digest('hex')}`;
}
