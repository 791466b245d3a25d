import { DuckDBInstance } from '@duckdb/node-api';

/** Runs SQL in a new DuckDB. @returns the rows, with values that JSON has */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}
