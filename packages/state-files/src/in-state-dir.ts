import { codeOf } from '@inventory/files';
import { StateDirError, type StateDirTrouble } from './state-dir-error.ts';

const troubles: Readonly<Record<string, StateDirTrouble>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  ENOTDIR: 'in the way',
  EEXIST: 'in the way',
  EISDIR: 'in the way',
  ENOTEMPTY: 'in the way',
};

/**
 * Does file system work on a path of `STATE_DIR`.
 * @param act what is being done, for the message
 * @throws StateDirError in place of the file system's error.
 */
export async function inStateDir<Result>(
  act: 'read' | 'written',
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw stateDirError(act, path, error);
  }
}

/** The error for users in place of the file system's. */
export function stateDirError(act: 'read' | 'written', path: string, error: unknown): StateDirError {
  if (error instanceof StateDirError) return error;
  const code = codeOf(error);
  const trouble = troubles[code] ?? 'other';
  return new StateDirError(trouble, sentences(path, act, code || String(error))[trouble], { cause: error });
}

function sentences(path: string, act: string, code: string): Record<StateDirTrouble, string> {
  const kept = act === 'written' ? ' The old files are intact and nothing is lost in Redis.' : '';
  return {
    full: `The disk is full: ${path} could not be ${act} (${code}). Free some space or choose another STATE_DIR.${kept}`,
    forbidden: `No permission: ${path} could not be ${act} (${code}). Give this user access to the folder or choose another STATE_DIR.${kept}`,
    'in the way': `Something is in the way: ${path} could not be ${act} because there is a file where a folder is needed, or a folder where a file is needed (${code}). Move it away or choose another STATE_DIR.${kept}`,
    foreign: '',
    other: `${path} could not be ${act} (${code}). Check the disk or choose another STATE_DIR.${kept}`,
  };
}
