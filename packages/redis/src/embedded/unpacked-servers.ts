import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findOnPath } from './find-on-path.ts';
import type { RedisServer } from './redis-server.ts';

/** The servers in a folder of unpacked packages, each with the libraries unpacked beside it; none if it is missing. */
export async function unpackedServers(folder: string): Promise<RedisServer[]> {
  const libraries = (await Promise.all(['usr/lib', 'lib'].map((part) => foldersIn(join(folder, part))))).flat();
  const programs = await Promise.all(
    ['redis-server', 'valkey-server'].map((program) => findOnPath(program, join(folder, 'usr/bin'))),
  );
  const env = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(delimiter) };
  return programs.filter((command) => command !== null).map((command) => ({ command, env }));
}

/** Folders such as `x86_64-linux-gnu`. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.includes('linux'))
    .map(({ name }) => join(folder, name));
}
