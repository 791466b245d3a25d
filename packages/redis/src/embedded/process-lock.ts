import { execFile } from 'node:child_process';
import { lstat, lutimes, mkdir, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from '@inventory/files';
import { RedisStartError } from '../errors.ts';

const run = promisify(execFile);

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; only good for comparing. */
  readonly startedAt: string;
}

/** The identity of a process of this machine, or null when it does not run (a zombie has ended too). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await startFromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Whether that very process still runs. */
export async function isStillRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(pid))?.startedAt === startedAt;
}

export interface ProcessLockOptions {
  /** Folder of this lock and nothing else; made when missing. */
  readonly folder: string;
  /** Milliseconds to wait for a holder that is alive. */
  readonly patienceMs: number;
  /** Called once when the wait gets noticeable (3 s), with the holder's process id. */
  readonly onWait: (pid: number) => void;
}

export interface LockTurn {
  /** The holder before us died without releasing the lock. */
  readonly inherited: boolean;
}

/**
 * Does the work while no other process of this machine does work under the same folder. A killed holder loses the lock at
 * once, a stopped one (SIGSTOP) never. Measured for comparison, a lock with a heartbeat (proper-lockfile 4.1) was free
 * 2.3 to 11 s after a kill, and was taken from a stopped holder.
 *
 * The folder holds one symbolic link per turn, numbered. The highest number has the lock: it points to the words of its
 * process' identity, and once released has the time 0. A turn begins by creating the next number, which only one process
 * can do. The highest number is never removed, so a dead holder has a successor without the race of "remove and
 * create".
 * @throws RedisStartError when a living holder keeps the lock for longer than `patienceMs`; file system errors.
 */
export async function withProcessLock<Result>(
  options: ProcessLockOptions,
  work: (turn: LockTurn) => Promise<Result>,
): Promise<Result> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const { link, inherited } = await acquire(options);
  try {
    return await work({ inherited });
  } finally {
    // Unlike a new file, this works on a full disk.
    await lutimes(link, 0, 0);
  }
}

async function acquire({ folder, patienceMs, onWait }: ProcessLockOptions): Promise<{ link: string } & LockTurn> {
  const began = Date.now();
  let announced = false;
  for (;;) {
    const last = Math.max(0, ...(await turnsIn(folder)));
    const holder = await holderOf(join(folder, String(last)));
    if (holder === null || !(await isStillRunning(holder))) {
      const link = await claim(folder, last + 1);
      if (link !== null) return { link, inherited: holder !== null };
      continue;
    }
    const waitedMs = Date.now() - began;
    if (waitedMs > patienceMs) {
      throw new RedisStartError(
        `Process ${holder.pid} has been busy with ${folder} for over ${Math.round(patienceMs / 1000)} s. End it (kill ${holder.pid}) and try again.`,
      );
    }
    if (waitedMs > 3000 && !announced) {
      announced = true;
      onWait(holder.pid);
    }
    await sleep(40 + Math.random() * 40);
  }
}

/** @returns the link of our turn, or null when another process was faster */
async function claim(folder: string, turn: number): Promise<string | null> {
  const linkOf = (number: number): string => join(folder, String(number));
  try {
    await symlink(JSON.stringify(await identifyProcess(process.pid)), linkOf(turn));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  }
  const turns = await turnsIn(folder);
  // A process that was stopped since it looked may claim an old number, which has been removed since.
  const isLast = Math.max(...turns) === turn;
  const outdated = isLast ? turns.filter((other) => other < turn) : [turn];
  for (const old of outdated) await rm(linkOf(old), { force: true });
  return isLast ? linkOf(turn) : null;
}

async function turnsIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** @returns null for a turn that was released, or is no turn */
async function holderOf(link: string): Promise<ProcessIdentity | null> {
  try {
    const holder = JSON.parse(await readlink(link));
    return (await lstat(link)).mtimeMs === 0 ? null : holder;
  } catch (error) {
    // EINVAL: a file, as earlier versions left it.
    if (['ENOENT', 'EINVAL'].includes(codeOf(error))) return null;
    throw error;
  }
}

/**
 * State and start (field 22, clock ticks since boot) from the text of `/proc/PID/stat`; null for one that has ended.
 * The program's name, in parentheses, may contain anything, hence the last parenthesis.
 */
export function startFromStat(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X'] = fields;
  return ['Z', 'X', 'x'].includes(state) ? null : (fields[19] ?? null);
}

async function startOnLinux(pid: number): Promise<string | null> {
  const ticks = startFromStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
  if (ticks === null) return null;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}:${ticks}`;
}

/** `ps` prints local time in the local language, so both are fixed: all processes must read the same words. */
async function startFromPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C', TZ: 'UTC' } });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
