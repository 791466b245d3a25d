import { open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ReplacementFile, syncFolder } from '@inventory/files';
import { ExportFileError } from './export-file-error.ts';

/**
 * Writes texts to a file that others see whole or not at all. A link stays a link; a device or a named pipe is written
 * to as it stands.
 * @param signal when it has fired at the end of the texts, nothing is put in place
 * @returns whether the file was written
 * @throws ExportFileError when it cannot be written, and whatever the texts throw; either way the old file stays
 */
export async function writeWholeFile(
  path: string,
  texts: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  const explain = (error: unknown) => new ExportFileError(path, error);
  const real = await realpath(path).catch(() => resolve(path));
  const found = await stat(real).catch(() => null);
  if (found !== null && !found.isFile()) return await writeAsItStands(real, texts, { signal, explain });
  const file = await ReplacementFile.begin(real, { explain });
  try {
    for await (const text of texts) await file.write(text);
    if (signal.aborted) return false;
    await file.finish();
    await file.replace();
    await syncFolder(dirname(real), { explain });
    return true;
  } finally {
    await file.discard();
  }
}

interface InPlaceOptions {
  readonly signal: AbortSignal;
  readonly explain: (error: unknown) => Error;
}

async function writeAsItStands(
  path: string,
  texts: AsyncIterable<string>,
  { signal, explain }: InPlaceOptions,
): Promise<boolean> {
  const failed = (error: unknown): never => {
    throw explain(error);
  };
  const device = await open(path, 'w').catch(failed);
  try {
    for await (const text of texts) await device.writeFile(text).catch(failed);
    return !signal.aborted;
  } finally {
    await device.close().catch(() => undefined);
  }
}
