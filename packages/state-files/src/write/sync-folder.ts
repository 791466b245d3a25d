import { open } from 'node:fs/promises';
import { codeOf, inStateDir } from '../in-state-dir.ts';

/** Puts a folder's entries on the disk. File systems that cannot do that for folders are left alone. @throws StateDirError */
export async function syncFolder(path: string): Promise<void> {
  await inStateDir('written', path, async () => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } catch (error) {
      if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(codeOf(error))) throw error;
    } finally {
      await folder.close();
    }
  });
}
