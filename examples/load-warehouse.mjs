// Loads an NDJSON export into a table of a DuckDB file: new tests are inserted, changed ones updated, forgotten ones removed.
// node examples/load-warehouse.mjs tests.ndjson inventory.duckdb
import { DuckDBInstance } from '@duckdb/node-api';

const [ndjson = 'tests.ndjson', database = 'inventory.duckdb'] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(database)).connect();
const source = `read_json('${ndjson.replaceAll("'", "''")}', format = 'newline_delimited', columns = {
  test_uuid: 'UUID', title: 'VARCHAR', workspace_uuid: 'UUID', workspace_name: 'VARCHAR', ordered_at: 'TIMESTAMPTZ',
  platform: 'VARCHAR', test_type: 'VARCHAR', category: 'VARCHAR', source: 'VARCHAR', rule: 'VARCHAR',
  classified_at: 'TIMESTAMPTZ', error: 'VARCHAR', listed: 'BOOLEAN', certainty: 'VARCHAR' })`;

await connection.run('begin');
await connection.run(`create table if not exists tests as select * from ${source} limit 0`);
await connection.run('create unique index if not exists tests_uuid on tests (test_uuid)');
await connection.run(`delete from tests where test_uuid not in (select test_uuid from ${source})`);
await connection.run(`insert or replace into tests select * from ${source}`);
await connection.run('commit');

const summary = await connection.runAndReadAll(
  "select coalesce(category, 'not classified'), count(*) from tests group by 1 order by 2 desc, 1",
);
for (const [category, count] of summary.getRows()) console.log(`${category}: ${count}`);
connection.closeSync();
