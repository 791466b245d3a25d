import { createHash, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface ReplacementOptions {
  /** Mode of a file that does not exist yet; the system's default unless given. */
  readonly mode?: number;
  /** Turns what the file system throws into the error for the caller. */
  readonly explain?: Explain;
}

type Explain = (error: unknown) => unknown;

interface Parts {
  readonly path: string;
  readonly temporary: string;
  readonly handle: FileHandle;
  readonly explain: Explain | undefined;
}

/**
 * The next contents of a file. They grow in a temporary file of the same folder and take the file's place in one step,
 * so that a reader sees the old file or the new one and nothing else. The file keeps its mode, and its owner and group
 * where this user may set them. What root creates belongs to the owner of the folder, so that a run as root does not
 * take a file from its user.
 */
export class ReplacementFile {
  readonly #parts: Parts;
  readonly #hash = createHash('sha256');
  #state: 'open' | 'closed' | 'gone' = 'open';

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Begins new contents for a path, whose folder exists. */
  static async begin(path: string, { mode = 0o666, explain }: ReplacementOptions = {}): Promise<ReplacementFile> {
    return await explained(explain, async () => {
      const old = await oldFile(path);
      const temporary = join(dirname(path), temporaryName(basename(path)));
      const handle = await open(temporary, 'wx', old === null ? mode : old.mode & 0o7777);
      const file = new ReplacementFile({ path, temporary, handle, explain });
      const rights = old === null ? giveToFolder(handle, dirname(path)) : keepRights(handle, old);
      await rights.catch(async (error: unknown) => {
        await file.discard();
        throw error;
      });
      return file;
    });
  }

  /** Adds to the contents; resolves when the system has accepted it, so that a writer who waits never runs ahead of the disk. */
  async write(data: string | Uint8Array): Promise<void> {
    this.#hash.update(data);
    const { handle, explain } = this.#parts;
    await explained(explain, () => handle.writeFile(data));
  }

  /** Puts everything on the disk. Nothing can be added after. @returns SHA-256 of the contents, in hex */
  async finish(): Promise<string> {
    const { handle, explain } = this.#parts;
    await explained(explain, async () => {
      await handle.sync();
      this.#state = 'closed';
      await handle.close();
    });
    return this.#hash.digest('hex');
  }

  /** Takes the place of the file. To outlast a power cut, the folder has to be synced after ({@link syncFolder}). */
  async replace(): Promise<void> {
    const { path, temporary, explain } = this.#parts;
    await explained(explain, () => rename(temporary, path));
    this.#state = 'gone';
  }

  /** Removes what was written unless it took the file's place. Never throws. */
  async discard(): Promise<void> {
    const { handle, temporary } = this.#parts;
    if (this.#state === 'open') await handle.close().catch(() => undefined);
    if (this.#state !== 'gone') await rm(temporary, { force: true }).catch(() => undefined);
    this.#state = 'gone';
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}

/** Writes a file in one step: on the disk and in its place when this resolves. */
export async function replaceFile(
  path: string,
  data: string | Uint8Array,
  options: ReplacementOptions = {},
): Promise<void> {
  await using file = await ReplacementFile.begin(path, options);
  await file.write(data);
  await file.finish();
  await file.replace();
  await syncFolder(dirname(path), options);
}

/** Puts a folder's entries on the disk, where the file system can do that for folders and this user may read it. */
export async function syncFolder(path: string, { explain }: Pick<ReplacementOptions, 'explain'> = {}): Promise<void> {
  await explained(explain, async () => {
    const folder = await open(path, 'r').catch(unless('EACCES', 'EPERM', 'EISDIR'));
    await folder
      ?.sync()
      .catch(unless('EINVAL', 'ENOTSUP'))
      .finally(() => folder.close());
  });
}

/** The file system's code of an error, such as `ENOENT`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Gives null for errors with one of these codes, and throws others. */
function unless(...codes: readonly string[]): (error: unknown) => null {
  return (error) => {
    if (codes.includes(codeOf(error))) return null;
    throw error;
  };
}

async function explained<Result>(explain: Explain = (error) => error, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explain(error);
  }
}

/** @returns null when there is none */
async function oldFile(path: string): Promise<Stats | null> {
  const found = await stat(path).catch(unless('ENOENT'));
  if (found?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  return found;
}

/** Gives a new file the mode of the old one and, as far as this user may, its owner and group. */
async function keepRights(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) {
    await handle
      .chown(uid, gid)
      .catch(() => handle.chown(own.uid, gid))
      .catch(() => undefined);
  }
  // Another group gets only the rights of all other users: the group's rights were not meant for it.
  const otherGroup = (await handle.stat()).gid !== gid;
  const kept = otherGroup ? mode & (0o7707 | ((mode & 0o7) << 3)) : mode;
  // Last, because a change of the owner may take bits of the mode away.
  await handle.chmod(kept & 0o7777);
}

/** Gives a file that root has made to the owner of its folder, where the file system can do that. */
async function giveToFolder(handle: FileHandle, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid !== 0) await handle.chown(uid, gid).catch(() => undefined);
}

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
