import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ExportFileError } from './export-file-error.ts';

/**
 * Writes texts to a file that others see whole or not at all: to a temporary file beside it, synced, renamed. A link
 * stays a link, a file keeps its mode; a device or a named pipe is written to as it stands.
 * @param signal when it has fired at the end of the texts, nothing is put in place
 * @returns whether the file was written
 * @throws ExportFileError when it cannot be written, and whatever the texts throw; either way the old file stays
 */
export async function writeWholeFile(
  path: string,
  texts: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  const place = await findPlace(path).catch(failed(path));
  const temporary = place.inPlace
    ? place.path
    : join(dirname(place.path), `.${basename(place.path)}.${process.pid}-${randomUUID()}.tmp`);
  const file = await open(temporary, place.inPlace ? 'w' : 'wx', 0o666).catch(failed(path));
  try {
    for await (const text of texts) await file.writeFile(text).catch(failed(path));
    if (signal.aborted) return false;
    if (!place.inPlace) await putInPlace(file, temporary, place).catch(failed(path));
    return true;
  } finally {
    await file.close().catch(() => undefined);
    if (!place.inPlace) await rm(temporary, { force: true });
  }
}

interface Place {
  readonly path: string;
  /** Of the file that is there; null for none. */
  readonly mode: number | null;
  /** Whether it is written to as it stands, because replacing it would replace a device by a file. */
  readonly inPlace: boolean;
}

async function findPlace(path: string): Promise<Place> {
  const real = await realpath(path).catch(() => resolve(path));
  const found = await stat(real).catch(() => null);
  if (found === null) return { path: real, mode: null, inPlace: false };
  return { path: real, mode: found.mode & 0o7777, inPlace: !found.isFile() };
}

async function putInPlace(file: FileHandle, temporary: string, { path, mode }: Place): Promise<void> {
  if (mode !== null) await file.chmod(mode);
  await file.sync();
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  // Some file systems cannot sync folders.
  await folder.sync().catch(() => undefined);
  await folder.close();
}

function failed(path: string): (error: unknown) => never {
  return (error) => {
    throw new ExportFileError(path, error);
  };
}
