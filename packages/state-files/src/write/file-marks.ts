import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@inventory/files';
import { allStateFileNames } from '../state-file-names.ts';

/** Which files stand in `STATE_DIR` just now. */
export interface FileMarks {
  readonly missing: boolean;
  /** Differs after any file was replaced, removed or changed, by whomever. */
  readonly identity: string;
}

/** Looks at the three state files without reading them. */
export async function fileMarks(stateDir: string): Promise<FileMarks> {
  const marks = await Promise.all(allStateFileNames.map((name) => markOf(join(stateDir, name))));
  return { missing: marks.includes('missing'), identity: marks.join(' ') };
}

async function markOf(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino}-${mtimeNs}-${size}`;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? 'missing' : codeOf(error);
  }
}
