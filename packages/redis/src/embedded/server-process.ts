import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@inventory/files';
import { messageOf } from '@inventory/logger';
import { Redis } from 'ioredis';
import { redisFacts } from '../check-redis.ts';
import { loadingLookMs } from '../client.ts';
import { DataDirError, RedisStartError } from '../errors.ts';
import { explainDataDirError } from './data-folder.ts';
import type { RedisServer } from './find-redis-server.ts';
import { identifyProcess } from './process-lock.ts';
import { readLivingServer, removeServerRecord, wasCutOff, writeServerRecord } from './server-record.ts';

export interface StartRedisServerOptions {
  readonly server: RedisServer;
  /** Private folder of the data; its real path. */
  readonly folder: string;
  readonly socketPath: string;
  readonly connectionName: string;
}

/** Milliseconds until a server listens; loading its data comes after that and may take longer. */
const listenWithinMs = 15_000;

/** Milliseconds that a start waits for the file to be rewritten; it continues after that. */
const rewriteWithinMs = 30_000;

/** Milliseconds for Redis to write its data and end. */
const endWithinMs = 20_000;

/**
 * Starts Redis as a separate process, which neither the end of this one nor Ctrl-C stops, and waits until it has loaded its data.
 * Only under the lock, and only when no process listens on the socket.
 * @returns a connection to it.
 * @throws RedisStartError with the last lines that Redis wrote, or what to do about damaged data; DataDirError when the disk is full.
 */
export async function startRedisServer(options: StartRedisServerOptions): Promise<Redis> {
  const { server, folder, socketPath, connectionName } = options;
  const log = join(folder, 'redis.log');
  await rename(log, `${log}.old`).catch(() => undefined);
  const cutOff = await wasCutOff(folder);
  let child: ChildProcess | null = null;
  try {
    child = await spawnServer(server, serverArguments(folder, socketPath), folder, log);
    const pid = child.pid ?? 0;
    const identity = await identifyProcess(pid);
    if (identity !== null) await writeServerRecord(folder, { ...identity, socketPath });
    const client = await firstConnection(child, socketPath, connectionName);
    const { processId } = redisFacts(await client.info());
    if (processId === pid) {
      if (cutOff || (await hasDropped(log))) await rewrite(client);
      return client;
    }
    client.disconnect();
    throw new Error(`process ${processId} answers on ${socketPath} instead of the one just started`);
  } catch (error) {
    child?.kill('SIGKILL');
    throw await startError(error, folder, log);
  }
}

/**
 * Stops the Redis of a folder and waits until its process is gone. Only under the lock, with no other process attached.
 * @throws Error when it refuses or takes longer than 20 s.
 */
export async function stopRedisServer(folder: string, client: Redis): Promise<void> {
  const deadline = Date.now() + endWithinMs;
  const refused = await askUntil(client, deadline);
  while ((await readLivingServer(folder)) !== null) {
    if (Date.now() > deadline) throw refused ?? new Error(`it still runs after ${endWithinMs / 1000} s`);
    await sleep(10);
  }
  await removeServerRecord(folder);
}

/**
 * One connection to a socket, without retries. Waits while Redis loads its data.
 * @returns null when no process listens there (no socket, or one left over).
 * @throws any other error of the connection.
 */
export async function connectOnce(socketPath: string, connectionName: string): Promise<Redis | null> {
  const client = new Redis({
    path: socketPath,
    connectionName,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: null,
    maxLoadingRetryTime: loadingLookMs,
  });
  let failure: unknown = null;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    const reason = failure ?? error;
    if (['ENOENT', 'ECONNREFUSED'].includes(codeOf(reason))) return null;
    throw reason;
  }
}

function serverArguments(folder: string, socketPath: string): string[] {
  return [
    ['--port', '0'],
    ['--unixsocket', socketPath],
    ['--unixsocketperm', '600'],
    ['--dir', folder],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    // A crash may cut the last record of the file: Redis drops that record and continues.
    ['--aof-load-truncated', 'yes'],
    ['--maxmemory-policy', 'noeviction'],
    ['--save', ''],
    ['--daemonize', 'no'],
  ].flat();
}

async function spawnServer(
  server: RedisServer,
  args: readonly string[],
  cwd: string,
  log: string,
): Promise<ChildProcess> {
  const output = await open(log, 'w', 0o600);
  try {
    const child = spawn(server.command, args, {
      cwd,
      env: server.env,
      // Its own session: Ctrl-C goes to the terminal's process group, and this is not in it.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

async function firstConnection(child: ChildProcess, socketPath: string, connectionName: string): Promise<Redis> {
  const deadline = Date.now() + listenWithinMs;
  while (child.exitCode === null && child.signalCode === null) {
    const client = await connectOnce(socketPath, connectionName);
    if (client !== null) return client;
    if (Date.now() > deadline) throw new Error(`it does not listen after ${listenWithinMs / 1000} s`);
    await sleep(10);
  }
  throw new Error(child.signalCode === null ? 'it ended at once' : `it was killed (${child.signalCode})`);
}

/** Whether Redis has dropped the end of its file when it loaded it. */
async function hasDropped(log: string): Promise<boolean> {
  return /truncat|incomplete MULTI/i.test(await readFile(log, 'utf8'));
}

/**
 * Has Redis rewrite its file. A power cut inside a transaction leaves its first half at the end of the file, which is
 * not applied now, but would be at a later start, when something has been written after it. Waits for the end: until then
 * another cut would leave two files of which the first has no proper end.
 */
async function rewrite(client: Redis): Promise<void> {
  await client.bgrewriteaof();
  const deadline = Date.now() + rewriteWithinMs;
  while (Date.now() < deadline) {
    if (/^aof_rewrite_(in_progress|scheduled):1/m.test(await client.info('persistence'))) await sleep(10);
    else return;
  }
}

/** What Redis says of a file of commands that it cannot read, of which redis-check-aof can cut off the end. */
const damagedEnd = /redis-check-aof|Bad file format|not the last file/i;
/** What it says of another damage: a file is missing, or not what it should be. */
const damagedFile =
  /AOF manifest file|Unable to obtain the AOF file .* No such file|Short read or OOM loading|RDB (base file|format)|Unrecoverable error reading/i;

function damage(folder: string, said: string): RedisStartError {
  const files = join(folder, 'appendonlydir');
  const fix = `Cut off what cannot be read: redis-check-aof --fix ${join(files, 'appendonly.aof.manifest')}\nor move`;
  return new RedisStartError(
    [
      `The data of the embedded Redis in ${folder} are damaged, as after a disk that was full or failed.`,
      `${damagedEnd.test(said) ? fix : 'Move'} them away: mv ${files} ${files}.damaged`,
      'Then run the same command again. Finished work is taken from the state files where Redis has lost it.',
    ].join('\n'),
  );
}

async function startError(error: unknown, folder: string, log: string): Promise<Error> {
  // On a full disk Redis cannot even log why it ends.
  const unwritable = await tryToWrite(folder);
  if (unwritable !== null) return unwritable;
  const output = await readFile(log, 'utf8').catch(() => '');
  if (damagedEnd.test(output) || damagedFile.test(output)) return damage(folder, output);
  const said = output.trim().split('\n').slice(-4);
  return new RedisStartError(
    [
      `The embedded Redis of ${folder} did not start: ${messageOf(error)}. The end of ${log}:`,
      ...said.map((line) => `  ${line}`),
    ].join('\n'),
    { cause: error },
  );
}

async function tryToWrite(folder: string): Promise<DataDirError | null> {
  const probe = join(folder, 'probe');
  try {
    await writeFile(probe, Buffer.alloc(64 * 1024));
    return null;
  } catch (error) {
    const explained = explainDataDirError(error, folder);
    return explained instanceof DataDirError ? explained : null;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Redis refuses to end while it writes its first append-only file, so it is asked again. */
async function askUntil(client: Redis, deadline: number): Promise<Error | null> {
  for (;;) {
    // A Redis that ends cuts the connection, without an answer.
    const refusal = await client.shutdown().then(
      () => null,
      (error: Error) => (client.status === 'ready' && /^ERR/.test(error.message) ? error : null),
    );
    if (refusal === null || Date.now() > deadline) return refusal;
    await sleep(100);
  }
}
