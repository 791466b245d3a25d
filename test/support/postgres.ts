import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { fetchDebianServer } from '../../packages/redis/src/embedded/fetch-debian-server.ts';
import type { Certificates } from './certificates.ts';
import { freePort } from './redis-servers.ts';

/** Keeps a PostgreSQL that had to be fetched, so that it is fetched once for all runs. */
const cache = fileURLToPath(new URL('../../.data/test-postgres', import.meta.url));

/** A real PostgreSQL on the loopback address, with TLS; `admin`, whose password is `adminpass`, may do everything. */
export interface Postgres {
  readonly port: number;
  /** Makes an empty database. @returns its address for `admin` */
  database(): Promise<string>;
  stop(): Promise<void>;
}

/** Whether a machine has one, or a way to get it. */
export const hasPostgres = ['/usr/lib/postgresql', '/usr/bin/apt-get'].some(existsSync);

/** The server refuses to run as root: then it runs as nobody. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Starts a new PostgreSQL, the one of this machine or one fetched from Debian. @param path where installed ones are */
export async function startPostgres(certificates: Certificates, path = '/usr/lib/postgresql'): Promise<Postgres> {
  const { bin, env } = (await programsIn(path, {})) ?? (await fetched());
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  const [data, password] = [join(folder, 'data'), join(folder, 'password')];
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  await copyFile(certificates.certificate, certificate);
  await copyFile(certificates.key, key);
  await chmod(key, 0o600);
  await writeFile(password, 'adminpass');
  for (const file of [folder, password, certificate, key]) if (user.uid) await chown(file, user.uid, user.gid);
  const run = (program: string, args: readonly string[]): ChildProcess =>
    spawn(join(bin, program), args, { env: { PATH: bin, ...env }, stdio: ['ignore', 'ignore', 'pipe'], ...user });

  const login = ['-U', 'admin', '-A', 'scram-sha-256', `--pwfile=${password}`];
  const made = run('initdb', ['-D', data, ...login, '--no-locale', '-E', 'UTF8', '--no-sync']);
  const [code] = await once(made, 'exit');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${made.stderr?.read()}`);

  const port = await freePort();
  const tls = { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key };
  const settings = { ...tls, fsync: 'off', jit: 'off', listen_addresses: '127.0.0.1', port: String(port) };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  await writeFile(join(data, 'postgresql.auto.conf'), lines.join(''));
  const server = run('postgres', ['-D', data, '-k', folder]);
  const ended = once(server, 'exit');
  await new Promise<void>((ready, failed) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) ready();
    });
    ended.then(() => failed(new Error(`postgres ended: ${said}`)), failed);
  });
  const addressOf = (database: string): string => `postgres://admin:adminpass@127.0.0.1:${port}/${database}`;
  return {
    port,
    async database() {
      const name = `test_${randomUUID().slice(0, 8)}`;
      await query(addressOf('postgres'), `create database ${name}`);
      return addressOf(name);
    },
    async stop() {
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs SQL in a database of its own connection. @returns the rows */
export async function query<Row extends pg.QueryResultRow>(address: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Programs {
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The programs of the newest version in a folder such as `/usr/lib/postgresql`; null where there are none. */
async function programsIn(folder: string, env: Programs['env']): Promise<Programs | null> {
  const versions = await readdir(folder).catch(() => []);
  const [newest] = versions.sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? null : { bin: join(folder, newest, 'bin'), env };
}

async function fetched(): Promise<Programs> {
  const unpacked = join(cache, 'unpacked');
  const libraries = ['x86_64', 'aarch64'].map((machine) => join(unpacked, `usr/lib/${machine}-linux-gnu`));
  const known = () => programsIn(join(unpacked, 'usr/lib/postgresql'), { LD_LIBRARY_PATH: libraries.join(':') });
  const before = await known();
  if (before !== null) return before;
  await mkdir(cache, { recursive: true });
  const choices = [17, 16, 15, 14].map((version) => [`postgresql-${version}`]);
  const programs = { aptGet: '/usr/bin/apt-get', dpkgDeb: '/usr/bin/dpkg-deb' };
  await fetchDebianServer({ folder: cache, unpacked, choices, ...programs });
  const now = await known();
  if (now === null) throw new Error('PostgreSQL is not on this machine and could not be fetched');
  return now;
}
