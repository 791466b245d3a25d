import { programName, type SecretRegistry } from '@inventory/logger';
import { UsageError } from '@inventory/runtime';
import pg from 'pg';
import { explainPostgres, type PostgresPlace } from './errors.ts';

const patienceMs = 10_000;

/** A connection to a PostgreSQL; what it throws are PostgresErrors. */
export class Database {
  readonly place: PostgresPlace;
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    const { host, port, user = '', database = '' } = client;
    this.place = { host, port, user, database };
    this.#client = client;
    // A connection that breaks fails the query that waits for it; between two queries the next one fails.
    client.on('error', () => undefined);
  }

  /**
   * Connects. What the address lacks comes from PGPASSWORD and its like, and ~/.pgpass.
   * @param address `postgres://user@host:port/database?sslmode=…`
   * @param secrets gets the password
   * @throws UsageError for an address that is none, which is not repeated
   */
  static async open(address: string, secrets: SecretRegistry): Promise<Database> {
    const client = clientFor(address);
    if (typeof client.password === 'string') secrets.add(client.password);
    const database = new Database(client);
    await database.#explained(() => client.connect(), true);
    return database;
  }

  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult<Row>> {
    return this.#explained(() => this.#client.query<Row>(text, [...values]));
  }

  /** Runs statements without parameters, separated by `;`. */
  async run(statements: string): Promise<void> {
    await this.#explained(() => this.#client.query(statements));
  }

  /** Does work in one transaction: all of it, or nothing when it throws or this process dies. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.run('begin');
    try {
      const result = await work();
      await this.run('commit');
      return result;
    } catch (error) {
      await this.run('rollback').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #explained<Result>(work: () => Promise<Result>, connecting = false): Promise<Result> {
    return await work().catch((error: unknown) => {
      throw explainPostgres(error, { ...this.place, connecting });
    });
  }
}

/** @throws UsageError for an address that is none, before anything else is done */
export function assertAddress(address: string): void {
  clientFor(address);
}

function clientFor(address: string): pg.Client {
  const form = 'postgres://USER@HOST:5432/DATABASE (the password in PGPASSWORD or ~/.pgpass)';
  if (!/^postgres(ql)?:\/\//.test(address)) throw new UsageError(`--to needs the address of a PostgreSQL: ${form}.`);
  // The client treats these alike; it warns that it will not do so for ever.
  const connectionString = address.replace(/(?<=[?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/, 'verify-full');
  try {
    return new pg.Client({
      connectionString,
      application_name: programName,
      connectionTimeoutMillis: patienceMs,
      keepAlive: true,
    });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'sslrootcert, sslcert or sslkey names a file that does not exist' : `expected ${form}`;
    throw new UsageError(`The address of --to cannot be used: ${why}.`);
  }
}
