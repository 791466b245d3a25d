import { type ExportColumn, exportColumns } from '@inventory/exports';
import type { Database } from './database.ts';
import { PostgresError } from './errors.ts';

export const testsTable = 'usertesting_tests';
/** The table with one row about it: its version, and what it is the state of. */
export const exportInfo = 'usertesting_tests_export';

const types: Readonly<Record<ExportColumn['kind'], string>> = {
  text: 'text',
  time: 'timestamptz',
  boolean: 'boolean',
};

/** `name type` of each column of an export. */
export const typedColumns = exportColumns.map(({ name, kind }) => `${name} ${types[kind]}`).join(', ');

/**
 * The steps from each version of the tables to the next, from nothing on. A step that was released never changes: a new
 * column is a new step.
 */
const migrations: readonly string[] = [
  `create table ${testsTable} (
     test_uuid text collate "C" primary key,
     title text,
     workspace_uuid text not null,
     workspace_name text not null,
     ordered_at timestamptz,
     platform text,
     test_type text,
     category text,
     source text,
     rule text,
     classified_at timestamptz,
     error text,
     listed boolean not null,
     certainty text,
     revision bigint not null,
     updated_at timestamptz not null
   );
   create table ${exportInfo} (
     version integer not null,
     prefix text not null,
     generation text not null,
     revision bigint not null,
     mark text not null,
     exported_at timestamptz not null
   );
   insert into ${exportInfo} values (0, '', '', 0, '', now());`,
];

/**
 * Brings the tables to the version of this program; part of a transaction.
 * @param steps from each version to the next
 * @throws PostgresError when a newer program has made them, or when another table has the name
 */
export async function migrate(database: Database, steps: readonly string[] = migrations): Promise<void> {
  const version = await versionOf(database);
  if (version > steps.length) {
    throw new PostgresError(
      `a newer version of this program has made ${testsTable} (version ${version} of the table; this program knows ` +
        `${steps.length}): update this program.`,
    );
  }
  for (const step of steps.slice(version)) await database.run(step);
  if (version < steps.length) await database.query(`update ${exportInfo} set version = $1`, [steps.length]);
}

/** The version of the tables; 0 where there are none. */
async function versionOf(database: Database): Promise<number> {
  const found = await database.query<{ tests: string | null; info: string | null }>(
    'select to_regclass($1)::text as tests, to_regclass($2)::text as info',
    [testsTable, exportInfo],
  );
  const { tests = null, info = null } = found.rows[0] ?? {};
  if (info !== null) {
    const { rows } = await database.query<{ version: number }>(`select version from ${exportInfo}`);
    return rows[0]?.version ?? 0;
  }
  if (tests === null) return 0;
  throw new PostgresError(
    `there is a table ${testsTable} that this program has not made: rename it, or choose another schema by adding ` +
      '?options=-c%20search_path%3DSCHEMA to the address.',
  );
}
