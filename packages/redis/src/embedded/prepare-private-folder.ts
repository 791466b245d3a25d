import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { explainDataDirError } from './explain-data-dir-error.ts';

/**
 * Makes a folder that only this user can enter, or makes an existing one so.
 * @returns its real path: the same one for every spelling, so that all processes agree on names made from it.
 * @throws DataDirError.
 */
export async function preparePrivateFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { mode } = await stat(folder);
    if ((mode & 0o777) !== 0o700) await chmod(folder, 0o700);
    return await realpath(folder);
  } catch (error) {
    throw explainDataDirError(error, folder);
  }
}
