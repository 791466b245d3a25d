import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who writes temporary files: machine, process id, and when that process started (epoch ms), as ids are used again. */
export interface Writer {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: number;
}

const hour = 3_600_000;
const pattern = /^\.(.+)\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f-]{36}\.tmp$/;

/** A name for the next contents of a file: no other write uses it, and it tells whose it is. */
export function temporaryName(name: string, { host, pid, startedAt }: Writer = thisProcess()): string {
  return `.${name}.${hostMark(host)}-${pid}-${Math.round(startedAt)}-${randomUUID()}.tmp`;
}

/**
 * Removes the temporary files that interrupted writes have left in a folder. What cannot be removed stays: it does no
 * harm.
 * @param isOurs whether a file of the folder is one of those that are replaced; temporary files of others stay
 */
export async function removeLeftBehind(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const temporary of await readdir(folder).catch(() => [])) {
    if (!isOurs(pattern.exec(temporary)?.[1] ?? '')) continue;
    const path = join(folder, temporary);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (isLeftBehind(temporary, Date.now() - mtimeMs)) await rm(path, { force: true }).catch(() => undefined);
  }
}

/**
 * Whether a temporary file was left by an interrupted write: its process is gone, or it is older than an hour.
 * @param ageMs time since its last change
 */
export function isLeftBehind(temporary: string, ageMs: number, self = thisProcess(), alive = isAlive): boolean {
  const [, , host, pid, startedAt] = pattern.exec(temporary) ?? [];
  if (host === undefined) return false;
  if (ageMs > hour) return true;
  if (host !== hostMark(self.host)) return false;
  if (Number(pid) === self.pid) return Number(startedAt) !== Math.round(self.startedAt);
  return !alive(Number(pid));
}

function thisProcess(): Writer {
  return { host: hostname(), pid: process.pid, startedAt: performance.timeOrigin };
}

function hostMark(host: string): string {
  return createHash('sha1').update(host).digest('hex').slice(0, 8);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
