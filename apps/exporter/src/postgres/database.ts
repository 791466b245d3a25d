import { setTimeout as sleep } from 'node:timers/promises';
import { programName, type SecretRegistry } from '@inventory/logger';
import { UsageError } from '@inventory/runtime';
import pg from 'pg';
import { explainPostgres, type PostgresPlace } from './errors.ts';

const patienceMs = 10_000;
/** Each statement is short, ms. */
const statementMs = 60_000;

export interface DatabaseOptions {
  /** `postgres://user@host:port/database?sslmode=…` */
  readonly address: string;
  /** Gets the password. */
  readonly secrets: SecretRegistry;
  /** Breaks the connection, also where the server no longer answers. */
  readonly signal: AbortSignal;
}

/** A connection to a PostgreSQL; what it throws are PostgresErrors, or the signal's reason after it. */
export class Database {
  readonly place: PostgresPlace;
  readonly #client: pg.Client;
  readonly #signal: AbortSignal;
  /** Why the connection broke. */
  #broken: Error | null = null;

  private constructor(client: pg.Client, signal: AbortSignal) {
    const { host, port, user = '', database = '' } = client;
    this.place = { host, port, user, database };
    this.#client = client;
    this.#signal = signal;
    // A connection that breaks fails the query that waits for it; between two queries the next one fails.
    client.on('error', (error) => {
      this.#broken ??= error;
    });
    signal.addEventListener('abort', this.close);
  }

  /**
   * Connects. What the address lacks comes from PGPASSWORD and its like, and ~/.pgpass.
   * @throws UsageError for an address that is none, which is not repeated
   */
  static async open({ address, secrets, signal }: DatabaseOptions): Promise<Database> {
    const client = clientFor(address);
    if (typeof client.password === 'string') secrets.add(client.password);
    const database = new Database(client, signal);
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

  /** Does work in one transaction: all of it, or nothing when it throws and this is closed, or this process dies. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.run('begin');
    const result = await work();
    await this.run('commit');
    return result;
  }

  /** Ends the connection, and with it what was not committed; does not wait long for a server that no longer answers. */
  readonly close = async (): Promise<void> => {
    this.#signal.removeEventListener('abort', this.close);
    const ended = this.#client.end().catch(() => undefined);
    await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
  };

  readonly [Symbol.asyncDispose] = this.close;

  async #explained<Result>(work: () => Promise<Result>, connecting = false): Promise<Result> {
    return await work().catch((error: unknown) => {
      this.#signal.throwIfAborted();
      throw explainPostgres(this.#broken ?? error, { ...this.place, connecting });
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
      query_timeout: statementMs,
      keepAlive: true,
    });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'sslrootcert, sslcert or sslkey names a file that does not exist' : `expected ${form}`;
    throw new UsageError(`The address of --to cannot be used: ${why}.`);
  }
}
