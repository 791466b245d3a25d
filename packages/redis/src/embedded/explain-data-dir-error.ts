import { DataDirError } from '../errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there; change the owner or set DATA_DIR to a folder of your own',
  EPERM: 'this user may not write there; change the owner or set DATA_DIR to a folder of your own',
  EROFS: 'the disk is read-only; set DATA_DIR to a folder that can be written',
  ENOSPC: 'the disk is full; make room or set DATA_DIR to another disk',
  EDQUOT: 'your disk quota is used up; make room or set DATA_DIR to another disk',
  ENOTDIR: 'a file is where a folder should be; remove it or set DATA_DIR to another place',
  EEXIST: 'a file is where a folder should be; remove it or set DATA_DIR to another place',
};

/** The error for users if a file system error says that the folder cannot be used; any other error as it is. */
export function explainDataDirError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  return reason === undefined
    ? error
    : new DataDirError(`The data folder ${folder} cannot be used: ${reason} (${code}).`, { cause: error });
}
