import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisStartError } from '../errors.ts';
import { identifyProcess, isStillRunning, type ProcessIdentity } from './process-identity.ts';

/** How many used-up turns are kept, so that a process that fell asleep between two steps finds its number taken. */
const turnsKept = 16;

export interface ProcessLockOptions {
  /** Folder of this lock and nothing else; made when missing. */
  readonly folder: string;
  /** Milliseconds to wait for a holder that is alive. */
  readonly patienceMs: number;
  /** Called once when the wait gets noticeable (3 s), with the holder's process id. */
  readonly onWait: (pid: number) => void;
}

/** A turn at the lock. */
export interface LockTurn {
  /** The holder before us died without giving the lock back. */
  readonly inherited: boolean;
}

/**
 * Does the work while no other process of this machine does work under the same folder. A holder that was killed
 * loses the lock at once.
 *
 * The folder holds one file a turn, numbered. The highest number has the lock: its text says which process, an empty
 * text means given back. A turn begins by creating the next number, which only one process can do. Nobody ever removes
 * the highest number, so a dead holder is succeeded without the race of "remove and create".
 * @throws RedisStartError when a living holder keeps the lock for longer than `patienceMs`; file system errors.
 */
export async function withProcessLock<Result>(
  options: ProcessLockOptions,
  work: (turn: LockTurn) => Promise<Result>,
): Promise<Result> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const { file, inherited } = await takeTurn(options);
  try {
    return await work({ inherited });
  } finally {
    await truncate(file, 0);
  }
}

async function takeTurn({ folder, patienceMs, onWait }: ProcessLockOptions): Promise<{ file: string } & LockTurn> {
  const began = Date.now();
  let told = false;
  for (;;) {
    const last = Math.max(0, ...(await turnsIn(folder)));
    const holder = await readHolder(join(folder, String(last)));
    if (holder === null || !(await isStillRunning(holder))) {
      const file = await claimTurn(folder, last + 1);
      if (file !== null) return { file, inherited: holder !== null };
      continue;
    }
    const waitedMs = Date.now() - began;
    if (waitedMs > patienceMs) {
      throw new RedisStartError(
        `Process ${holder.pid} has been busy with ${folder} for over ${Math.round(patienceMs / 1000)} s. End it (kill ${holder.pid}) and try again.`,
      );
    }
    if (waitedMs > 3000 && !told) onWait(holder.pid);
    told ||= waitedMs > 3000;
    await sleep(40 + Math.random() * 40);
  }
}

/** @returns the file of our turn, or null when another process was faster. */
async function claimTurn(folder: string, turn: number): Promise<string | null> {
  const file = join(folder, String(turn));
  const draft = join(folder, `draft-${process.pid}-${randomUUID()}`);
  try {
    await writeFile(draft, JSON.stringify(await identifyProcess(process.pid)), { mode: 0o600 });
    // A link appears with its whole text, or not at all.
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const turns = await turnsIn(folder);
  if (Math.max(...turns) > turn) {
    await rm(file, { force: true });
    return null;
  }
  await removeLeftovers(folder, turn);
  return file;
}

/** Old turns, and drafts of processes that were killed while they wrote one: they name their process. */
async function removeLeftovers(folder: string, turn: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const draftOf = /^draft-(\d+)-/.exec(name)?.[1];
    const isOld =
      draftOf === undefined ? Number(name) <= turn - turnsKept : (await identifyProcess(Number(draftOf))) === null;
    if (isOld) await rm(join(folder, name), { force: true });
  }
}

async function turnsIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function readHolder(file: string): Promise<ProcessIdentity | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  });
  return text === '' ? null : JSON.parse(text);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
