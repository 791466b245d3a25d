import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibraryEntry } from '@inventory/sandbox';
import type { Checklist } from './checklist.ts';
import type { System } from './system.ts';

/** Compares the state files on the host with the simulated account, and looks at whose they are. */
export async function checkFiles(system: System, library: readonly LibraryEntry[], list: Checklist): Promise<void> {
  const folder = stateFolder(system);
  for (const [name, platform] of [
    ['utz_tests.json', 'UTZ'],
    ['classicut_tests.json', 'ClassicUT'],
  ] as const) {
    const found = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const wanted = expected(library, platform);
    const same = JSON.stringify(found) === JSON.stringify(wanted);
    list.expect(`${name} holds the ${wanted.length} tests it has to hold`, same, `it holds ${found.length}`);
  }
  const errors = await readFile(join(folder, 'errors.json'), 'utf8');
  list.expect('errors.json is empty', errors.trim() === '{}', errors);
  const { uid, gid } = system.owner;
  const foreign: string[] = [];
  for (const path of [
    join(system.folder, 'state'),
    folder,
    ...(await readdir(folder)).map((name) => join(folder, name)),
  ]) {
    const found = await stat(path);
    if (found.uid !== uid || found.gid !== gid) foreign.push(`${path}: ${found.uid}:${found.gid}`);
  }
  list.expect('the files and their folder belong to HOST_UID and HOST_GID', foreign.length === 0, foreign);
}

/** How many tests have a verdict in the files on the host; 0 before there are files. */
export async function decidedTests(system: System): Promise<number> {
  const read = async (name: string): Promise<readonly unknown[]> =>
    JSON.parse(await readFile(join(stateFolder(system), name), 'utf8').catch(() => '[]'));
  return (await read('utz_tests.json')).length + (await read('classicut_tests.json')).length;
}

function stateFolder({ folder }: System): string {
  return join(folder, 'state', 'demo');
}

function expected(library: readonly LibraryEntry[], platform: 'UTZ' | 'ClassicUT') {
  return library
    .filter(({ byProbes }) => byProbes.platform === platform)
    .map(({ uuid, workspaceUuid, workspaceName, byProbes: { testType } }) => ({
      test_uuid: uuid,
      workspace_uuid: workspaceUuid,
      workspace_name: workspaceName,
      ...(testType !== null && { test_type: testType }),
    }))
    .sort((a, b) => (a.test_uuid < b.test_uuid ? -1 : 1));
}
