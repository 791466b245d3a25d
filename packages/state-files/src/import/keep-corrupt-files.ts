import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@inventory/files';
import type { Logger } from '@inventory/logger';
import { inStateDir } from '../in-state-dir.ts';
import { probeStateFile } from '../read/read-state-file.ts';
import { allStateFileNames } from '../state-file-names.ts';
import { corruptFileName } from './corrupt-file-name.ts';

/**
 * Puts state files aside that are not what they should be, under a name that says when, and says so. The next
 * write makes them anew from the checkpoints.
 * @returns the new paths
 * @throws StateDirError when a file cannot be read or renamed.
 */
export async function keepCorruptFiles(stateDir: string, logger: Logger): Promise<string[]> {
  const kept: string[] = [];
  for (const name of allStateFileNames) {
    const file = await probeStateFile(stateDir, name);
    if (file.state !== 'corrupt') continue;
    const path = join(stateDir, name);
    const aside = await freePath(join(stateDir, corruptFileName(name, new Date())));
    if (!(await moved(path, aside))) continue;
    kept.push(aside);
    logger.warn({ file: path, kept: aside }, `${path} is unusable (${file.why}); kept as ${aside} and written anew`);
  }
  return kept;
}

/** @returns false when another process was faster */
async function moved(from: string, to: string): Promise<boolean> {
  return await inStateDir('written', from, async () => {
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

async function freePath(wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : `${wanted}-${number}`;
    const taken = await stat(path).catch(() => null);
    if (taken === null) return path;
  }
}
