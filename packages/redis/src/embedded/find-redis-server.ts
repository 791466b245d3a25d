import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Logger } from '@inventory/logger';
import { isTooOld } from '../check-redis.ts';
import { DataDirError, RedisServerMissingError, RedisStartError } from '../errors.ts';
import { explainDataDirError, isForeign } from './data-folder.ts';
import { fetchDebianServer } from './fetch-debian-server.ts';
import { withProcessLock } from './process-lock.ts';
import { findOnPath, InterruptedError, runProgram } from './programs.ts';

/** A Redis or Valkey server that runs on this machine. */
export interface RedisServer {
  readonly command: string;
  /** The whole environment that it needs. */
  readonly env: Record<string, string>;
}

export interface FindRedisServerOptions {
  /** Folder below which a fetched server is kept, in `redis-server/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Where programs are looked for; the PATH of this process by default. */
  readonly path?: string;
}

/** Milliseconds that another process may take to fetch the package. */
const fetchPatienceMs = 10 * 60_000;

/**
 * A redis-server or valkey-server of 6.2 or newer: on PATH, else one fetched earlier, else the distribution's package,
 * fetched now (Debian and Ubuntu, without root). Safe to call from several processes at once.
 * @throws RedisServerMissingError with the ways to get one; DataDirError; InterruptedError; RedisStartError when another process fetches
 * for over ten minutes.
 */
export async function findRedisServer(options: FindRedisServerOptions): Promise<RedisServer> {
  // biome-ignore lint/style/noProcessEnv: PATH is not a setting of ours; it is where the system's programs are
  const { dataDir, logger, path = process.env['PATH'] ?? '' } = options;
  const folder = join(dataDir, 'redis-server');
  const onPath = await serversOnPath(path);
  const present = (await firstUsable(onPath)) ?? (await firstUnpacked(dataDir, folder));
  if (present !== null) return present;
  const aptGet = await findOnPath('apt-get', path);
  const dpkgDeb = await findOnPath('dpkg-deb', path);
  if (aptGet === null || dpkgDeb === null) throw missing(onPath);
  try {
    return await fetchOnce({ dataDir, folder, aptGet, dpkgDeb, logger });
  } catch (error) {
    const explained = explainDataDirError(error, folder);
    const isSaid = [DataDirError, RedisStartError, InterruptedError].some((known) => explained instanceof known);
    throw isSaid ? explained : missing(onPath, error);
  }
}

interface FetchOnceOptions {
  readonly dataDir: string;
  readonly folder: string;
  readonly aptGet: string;
  readonly dpkgDeb: string;
  readonly logger: Logger;
}

/** Fetches the package unless another process did while we waited for it. */
async function fetchOnce({ dataDir, folder, ...parts }: FetchOnceOptions): Promise<RedisServer> {
  const { logger, ...programs } = parts;
  const unpacked = unpackedIn(folder);
  const onWait = (pid: number): void => logger.info(`Process ${pid} is fetching Redis: waiting for it.`);
  await mkdir(folder, { recursive: true });
  // Nobody else may put a program there.
  await chmod(folder, 0o700);
  return withProcessLock({ folder: join(folder, 'lock'), patienceMs: fetchPatienceMs, onWait }, async () => {
    const fetchedByOther = await firstUnpacked(dataDir, folder);
    if (fetchedByOther !== null) return fetchedByOther;
    logger.info("No redis-server on PATH: fetching this distribution's package, once. This takes some seconds.");
    const choices = ['redis', 'valkey'].map((family) => [`${family}-server`, `${family}-tools`]);
    await fetchDebianServer({ folder, unpacked, choices, ...programs });
    const fetched = await firstUsable(await unpackedServers(unpacked));
    if (fetched === null)
      throw new Error(`the program in ${unpacked} does not run on this machine, or is older than 6.2`);
    return fetched;
  });
}

/**
 * The first usable server that was fetched earlier. One that others may have changed is not run, not even to ask for its
 * version: the program fetches another.
 * @throws DataDirError when the folder belongs to another user, who could put one in its place at any time
 */
async function firstUnpacked(dataDir: string, folder: string): Promise<RedisServer | null> {
  const unpacked = unpackedIn(folder);
  const inside = await readdir(unpacked, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = [dataDir, folder, unpacked, ...inside.map(({ parentPath, name }) => join(parentPath, name))];
  let isOpen = false;
  for (const path of paths) {
    for (const look of [lstat, stat]) {
      const found = await look(path).catch(() => null);
      if (found === null) continue;
      if (isForeign(found)) throw new DataDirError(foreign(path));
      if (path !== dataDir && !found.isSymbolicLink() && (found.mode & 0o022) !== 0) isOpen = true;
    }
  }
  return isOpen ? null : await firstUsable(await unpackedServers(unpacked));
}

function foreign(path: string): string {
  return (
    `${path} belongs to another user, so no redis-server below it is run. Set DATA_DIR to a folder of your own, ` +
    'install redis-server, or set REDIS_URL.'
  );
}

const unpackedIn = (folder: string): string => join(folder, 'unpacked');

async function serversOnPath(path: string, env: RedisServer['env'] = {}): Promise<RedisServer[]> {
  const found = await Promise.all(['redis-server', 'valkey-server'].map((program) => findOnPath(program, path)));
  return found.filter((command) => command !== null).map((command) => ({ command, env }));
}

/** The servers in a folder of unpacked packages, each with the libraries unpacked beside it; none if it is missing. */
async function unpackedServers(folder: string): Promise<RedisServer[]> {
  const libraries = (await Promise.all(['usr/lib', 'lib'].map((part) => libraryFolders(join(folder, part))))).flat();
  const env = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(delimiter) };
  return await serversOnPath(join(folder, 'usr/bin'), env);
}

/** Folders such as `x86_64-linux-gnu`. */
async function libraryFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.includes('linux'))
    .map(({ name }) => join(folder, name));
}

/** The first that runs on this machine and is new enough. */
async function firstUsable(servers: readonly RedisServer[]): Promise<RedisServer | null> {
  for (const server of servers) {
    const said = await runProgram(server.command, ['--version'], { env: server.env, timeoutMs: 10_000 }).catch(
      () => '',
    );
    const version = /\bv=(\d+\.\d+\.\d+)/.exec(said)?.[1];
    if (version !== undefined && !isTooOld(version)) return server;
  }
  return null;
}

function missing(unusable: readonly RedisServer[], cause?: unknown): RedisServerMissingError {
  const found = unusable.map(({ command }) => `${command} does not run, or is older than 6.2. `).join('');
  const fetching = cause instanceof Error ? `Fetching the distribution's package failed: ${cause.message}.` : '';
  return new RedisServerMissingError(
    [
      ['REDIS_URL is empty and there is no usable redis-server on this machine.', found, fetching]
        .filter(Boolean)
        .join(' '),
      'Get one in any of these ways, then run the command again:',
      '  macOS            brew install redis',
      '  Fedora, RHEL     sudo dnf install redis   (or valkey)',
      '  Alpine           apk add redis',
      '  Debian, Ubuntu   sudo apt-get install redis-server',
      '  Docker           docker run -d -p 127.0.0.1:6379:6379 redis redis-server --appendonly yes',
      '                   and set REDIS_URL=redis://127.0.0.1:6379',
      '  elsewhere        set REDIS_URL=redis://user:password@host:6379',
    ].join('\n'),
    { cause },
  );
}
