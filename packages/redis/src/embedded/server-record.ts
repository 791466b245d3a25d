import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@inventory/files';
import { isStillRunning, type ProcessIdentity } from './process-lock.ts';

/** The Redis process that was started last in a folder, and where it listens. */
export interface ServerRecord extends ProcessIdentity {
  readonly socketPath: string;
}

const pathIn = (folder: string): string => join(folder, 'redis-server.json');

/** The record of a server that still runs; null when there is none, or it has ended. */
export async function readLivingServer(folder: string): Promise<ServerRecord | null> {
  const record = await readRecord(folder);
  return record !== null && (await isStillRunning(record)) ? record : null;
}

/** Whether the last server of the folder has ended without having been stopped by us; only when none runs. */
export async function wasCutOff(folder: string): Promise<boolean> {
  return (await readRecord(folder)) !== null;
}

/** Notes a server that was just started; only under the lock. */
export async function writeServerRecord(folder: string, record: ServerRecord): Promise<void> {
  await replaceFile(pathIn(folder), JSON.stringify(record), { mode: 0o600 });
}

/** Forgets the server, which has ended; only under the lock. */
export async function removeServerRecord(folder: string): Promise<void> {
  await rm(pathIn(folder), { force: true });
}

async function readRecord(folder: string): Promise<ServerRecord | null> {
  try {
    const { pid, startedAt, socketPath } = JSON.parse(await readFile(pathIn(folder), 'utf8'));
    const isRecord = Number.isInteger(pid) && typeof startedAt === 'string' && typeof socketPath === 'string';
    return isRecord ? { pid, startedAt, socketPath } : null;
  } catch {
    return null;
  }
}
