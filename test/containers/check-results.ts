import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LibraryEntry, type LoggedRequest, resultsSpacings } from '@inventory/sandbox';
import type { Checklist } from './checklist.ts';
import type { System } from './system.ts';

/** What the clocks of two containers on one machine may differ by, in ms. */
const clockMs = 5;
/** How much earlier than a whole interval the pace grants a request at most, in ms. */
const toleranceMs = 7;

/** When requests were granted, by the notes that the workers share in Redis; epoch ms, in order. */
export async function readGrants({ containers, exec }: System): Promise<number[]> {
  const [redis = ''] = await containers('redis');
  const { stdout } = await exec(redis, "redis-cli lrange '{demo}:starts' 0 -1");
  return stdout
    .split('\n')
    .map((micros) => Number(micros) / 1000)
    .reverse();
}

/**
 * Whether no request arrived too early: grants are an interval apart, and each request had one of its own before it
 * arrived. Spacings on arrival say less: a request that was long on its way comes close to the next one.
 */
export function checkPace(
  requests: readonly LoggedRequest[],
  { intervalMs, grants }: { readonly intervalMs: number; readonly grants: readonly number[] },
  list: Checklist,
): void {
  const seconds = ((requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0)) / 1000;
  const least = Math.round(Math.min(...resultsSpacings(requests)));
  list.note(`${requests.length} requests in ${Math.round(seconds)} s, on arrival at least ${least} ms apart`);
  const close = grants.slice(1).filter((at, index) => at - (grants[index] ?? 0) < intervalMs - toleranceMs);
  list.expect(
    `no request was granted less than ${intervalMs - toleranceMs} ms after another`,
    close.length === 0,
    close,
  );
  const early = requests.filter(
    ({ at }, before) => grants.filter((granted) => granted <= at + clockMs).length <= before,
  );
  list.expect('no request arrived before its own grant', early.length === 0, early);
  const refused = requests.filter(({ status }) => status === 429);
  list.expect('the simulated account had to refuse none (429)', refused.length === 0, `${refused.length} refused`);
}

/** Requests that one worker may have on their way (WORKER_SLOTS). */
const inFlight = 6;

/**
 * Whether hardly anything was asked twice: of each worker that had a failure at most what it had on its way.
 * @param failures how many workers had one
 */
export function checkRepeats(requests: readonly LoggedRequest[], failures: number, list: Checklist): void {
  const questions = new Set(requests.map(({ testUuid, endpoint }) => `${testUuid} ${endpoint}`));
  const repeated = requests.length - questions.size;
  list.note(`${requests.length} requests for ${questions.size} questions`);
  const most = failures * inFlight;
  list.expect(`at most ${most} requests were made again, what was on its way`, repeated <= most, repeated);
}

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
export async function classifiedTests(system: System): Promise<number> {
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
