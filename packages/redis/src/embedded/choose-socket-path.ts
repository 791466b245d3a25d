import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirError } from '../errors.ts';

/** Systems refuse socket paths from 104 (macOS) or 108 bytes (Linux) on. */
const longestPath = 100;

/**
 * Where the socket of the Redis in a folder is: in the folder, or, when that makes the path too long for a socket, in a
 * private folder of the temp directory named by a hash of the folder, which is made here.
 * @throws DataDirError when that folder belongs to somebody else or is open to others, or is too long as well.
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
