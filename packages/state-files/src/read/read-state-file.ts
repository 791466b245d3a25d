import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@inventory/files';
import { inStateDir } from '../in-state-dir.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { jsonParts } from './json-parts.ts';
import { NotJsonError } from './not-json-error.ts';

/** What a state file turned out to be: the two lists are arrays, the errors an object. */
export type StateFile =
  | { readonly state: 'missing' }
  | { readonly state: 'whole' }
  /** What was read of it before that showed counts for nothing. */
  | { readonly state: 'corrupt'; readonly why: string };

/** An entry of `errors.json`. */
export type ErrorEntry = readonly [key: string, value: unknown];

type Take<Item> = (items: readonly Item[]) => void | Promise<void>;
type ListName = Exclude<StateFileName, typeof stateFileNames.errors>;

const chunkSize = 256 * 1024;

/**
 * Reads one of the lists in portions, so that memory does not grow with it.
 * @throws StateDirError when there is one that cannot be read at all, and what `take` throws
 */
export function readListFile(stateDir: string, name: ListName, take: Take<unknown>): Promise<StateFile> {
  return read(join(stateDir, name), '[]', (part) => take(part as unknown[]));
}

/** Reads the errors in portions. @throws StateDirError when there is a file that cannot be read at all, and what `take` throws */
export function readErrorFile(stateDir: string, take: Take<ErrorEntry>): Promise<StateFile> {
  return read(join(stateDir, stateFileNames.errors), '{}', (part) => take(Object.entries(part as object)));
}

/** Whether a state file is what it should be. @throws StateDirError when there is one that cannot be read at all */
export function probeStateFile(stateDir: string, name: StateFileName): Promise<StateFile> {
  const nothing = (): void => undefined;
  return name === stateFileNames.errors ? readErrorFile(stateDir, nothing) : readListFile(stateDir, name, nothing);
}

async function read(
  path: string,
  brackets: '[]' | '{}',
  take: (part: unknown) => void | Promise<void>,
): Promise<StateFile> {
  const file = await inStateDir('read', path, () => open(path).catch(missing));
  if (file === null) return { state: 'missing' };
  try {
    for await (const part of jsonParts(chunksOf(file, path), brackets)) await take(part);
    return { state: 'whole' };
  } catch (error) {
    if (error instanceof NotJsonError) return { state: 'corrupt', why: error.message };
    throw error;
  } finally {
    await file.close();
  }
}

async function* chunksOf(file: FileHandle, path: string): AsyncGenerator<Buffer> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(chunkSize);
    const { bytesRead } = await inStateDir('read', path, () => file.read(buffer, 0, chunkSize));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function missing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}
