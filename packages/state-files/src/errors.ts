import { codeOf } from '@inventory/files';

/**
 * What is wrong with `STATE_DIR`. `foreign`: its files belong to another account, a wrong setting. `damaged`: so many of
 * its tests cannot be read that the user has to decide.
 */
export type StateDirTrouble = 'full' | 'forbidden' | 'in the way' | 'foreign' | 'damaged' | 'other';

/**
 * The state files cannot be read or written. The old files are as they were, and nothing is lost in Redis.
 * Processes continue and end with 1; with 2 when the trouble is `foreign` or `damaged`. The message is for users.
 */
export class StateDirError extends Error {
  override readonly name = 'StateDirError';
  readonly trouble: StateDirTrouble;
  /** Files of another account are a wrong setting, and damaged ones need an option; a full disk is neither. */
  readonly exitCode: 1 | 2;

  constructor(trouble: StateDirTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
    this.exitCode = trouble === 'foreign' || trouble === 'damaged' ? 2 : 1;
  }
}

type Act = 'read' | 'written';

/**
 * Does file system work on a path of `STATE_DIR`.
 * @param act what the work does, for the message
 * @throws StateDirError in place of the file system's error
 */
export async function inStateDir<Result>(act: Act, path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw stateDirError(act, path, error);
  }
}

/** The error for users in place of the file system's. */
export function stateDirError(act: Act, path: string, error: unknown): StateDirError {
  if (error instanceof StateDirError) return error;
  const code = codeOf(error) || String(error);
  const trouble = troubles[code] ?? 'other';
  const kept = act === 'written' ? ' The old files are intact and nothing is lost in Redis.' : '';
  return new StateDirError(trouble, sentences[trouble](`${path} could not be ${act}`, code) + kept, { cause: error });
}

/** For `catch`: null when there is no such file. */
export function nullIfMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

type FileTrouble = Exclude<StateDirTrouble, 'foreign' | 'damaged'>;

const troubles: Readonly<Record<string, FileTrouble>> = {
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

const sentences: Readonly<Record<FileTrouble, (what: string, code: string) => string>> = {
  full: (what, code) => `The disk is full: ${what} (${code}). Free some space or choose another STATE_DIR.`,
  forbidden: (what, code) =>
    `No permission: ${what} (${code}). Give this user access to the folder or choose another STATE_DIR.`,
  'in the way': (what, code) =>
    `Something is in the way: ${what} because there is a file where a folder is needed, or a folder where a file is ` +
    `needed (${code}). Move it away or choose another STATE_DIR.`,
  other: (what, code) => `${what} (${code}). Check the disk or choose another STATE_DIR.`,
};
