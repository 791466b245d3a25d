import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, inStateDir } from './in-state-dir.ts';
import { parseJson } from './parse-json.ts';
import { type StateFileName, stateFileNames } from './state-file-names.ts';

/** What stands in a state file: the two lists are arrays, the errors an object. */
export type StateFile =
  | { readonly state: 'missing' }
  | { readonly state: 'corrupt'; readonly why: string }
  | { readonly state: 'list'; readonly records: readonly unknown[] }
  | { readonly state: 'errors'; readonly entries: readonly (readonly [key: string, value: unknown])[] };

/** Reads a state file. @throws StateDirError when there is one that cannot be read at all. */
export async function readStateFile(stateDir: string, name: StateFileName): Promise<StateFile> {
  const path = join(stateDir, name);
  const text = await inStateDir('read', path, () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }),
  );
  return text === null ? { state: 'missing' } : parseStateFile(name, text);
}

/** What a state file's text says. */
export function parseStateFile(name: StateFileName, text: string): StateFile {
  const value = parseJson(text);
  if (value === undefined) return { state: 'corrupt', why: 'it is not JSON, or cut off' };
  if (name === stateFileNames.errors) {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { state: 'errors', entries: Object.entries(value) }
      : { state: 'corrupt', why: 'it does not hold a JSON object' };
  }
  return Array.isArray(value)
    ? { state: 'list', records: value }
    : { state: 'corrupt', why: 'it does not hold a JSON array' };
}

/** The records of a list file; none when it is missing or unusable. */
export function recordsOf(file: StateFile): readonly unknown[] {
  return file.state === 'list' ? file.records : [];
}
