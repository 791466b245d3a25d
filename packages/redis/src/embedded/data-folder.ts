import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '@inventory/files';
import { DataDirError } from '../errors.ts';

/** Whether others than this user and root own a file: they could put another one in its place at any time. */
export function isForeign({ uid }: Pick<Stats, 'uid'>): boolean {
  const ours = process.getuid?.();
  return ours !== undefined && uid !== ours && uid !== 0;
}

/**
 * Makes a folder that only this user can enter, or makes an existing one so.
 * @returns its real path: the same one for every spelling, so that all processes agree on names made from it.
 * @throws DataDirError, also when it belongs to another user, whose files root could use.
 */
export async function preparePrivateFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await stat(folder);
    if (isForeign(found)) throw new DataDirError(foreignFolder(folder));
    const { mode } = found;
    if ((mode & 0o777) !== 0o700) await chmod(folder, 0o700);
    return await realpath(folder);
  } catch (error) {
    throw explainDataDirError(error, folder);
  }
}

const foreignFolder = (folder: string): string =>
  `${folder} belongs to another user, so the Redis in it is not used. Run this as its owner, set DATA_DIR to a folder of ` +
  'your own, or set REDIS_URL.';

/** Systems refuse socket paths from 104 (macOS) or 108 bytes (Linux) on. */
const longestPath = 100;

/**
 * Where the socket of the Redis in a folder is: in the folder, or, when that makes the path too long for a socket, in a
 * private folder of the temp directory named by a hash of the folder, which is made here.
 * @throws DataDirError when that folder belongs to another user or is open to others, or is too long as well.
 */
export async function chooseSocketPath(folder: string, temp: string = tmpdir()): Promise<string> {
  const direct = join(folder, 'redis.sock');
  if (Buffer.byteLength(direct) <= longestPath) return direct;
  const uid = process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const detour = join(temp, `inventory-redis-${uid}-${hash}`);
  const socketPath = join(detour, 'redis.sock');
  if (Buffer.byteLength(socketPath) > longestPath) {
    throw new DataDirError(
      `The path of ${folder} is too long for a socket, and so is ${temp}. Set DATA_DIR to a shorter path.`,
    );
  }
  await mkdir(detour, { recursive: true, mode: 0o700 });
  const found = await lstat(detour);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new DataDirError(
      `${detour} is not a private folder of this user, so it cannot hold the socket of Redis. Remove it, or set DATA_DIR to a path of under 85 bytes.`,
    );
  }
  return socketPath;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there; change the owner or set DATA_DIR to your own folder',
  EPERM: 'this user may not write there; change the owner or set DATA_DIR to your own folder',
  EROFS: 'the disk is read-only; set DATA_DIR to a folder that can be written',
  ENOSPC: 'the disk is full; make room or set DATA_DIR to another disk',
  EDQUOT: 'your disk quota is used up; make room or set DATA_DIR to another disk',
  ENOTDIR: 'a file is where a folder should be; remove it or set DATA_DIR to another place',
  EEXIST: 'a file is where a folder should be; remove it or set DATA_DIR to another place',
};

/** The error for users if a file system error says that the folder cannot be used; any other error as it is. */
export function explainDataDirError(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new DataDirError(`The data folder ${folder} cannot be used: ${reason} (${code}).`, { cause: error });
}
