import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The three state files, parsed. */
export async function readState(stateDir: string) {
  const read = async (name: string) => JSON.parse(await readFile(join(stateDir, name), 'utf8'));
  return {
    utz: await read('utz_tests.json'),
    classic: await read('classicut_tests.json'),
    errors: await read('errors.json'),
  };
}
