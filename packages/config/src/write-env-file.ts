import { readFile, realpath } from 'node:fs/promises';
import { replaceFile } from '@inventory/files';
import { rewriteEnvText } from './rewrite-env-text.ts';

/**
 * Sets variables in an existing `.env` file: whole or not at all, mode kept, other lines kept byte for byte. A link to
 * the file stays a link.
 * @returns false when there is no such file (then there is nothing to keep up to date).
 * @throws the file system's error when the file exists and cannot be rewritten.
 */
export async function writeEnvFile(link: string, values: Readonly<Record<string, string>>): Promise<boolean> {
  const path = await realpath(link).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (path === null) return false;
  // Each byte is a character, so that a comment in whatever encoding comes out as it went in.
  const before = await readFile(path, 'latin1');
  await replaceFile(path, Buffer.from(rewriteEnvText(before, values), 'latin1'));
  return true;
}
