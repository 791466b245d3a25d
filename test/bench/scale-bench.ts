import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { declaredCategory, platformOf, testTypeOf } from '@inventory/classification';
import { Pace, TestQueue } from '@inventory/queue';
import type { RedisClient } from '@inventory/redis';
import { numberText } from '@inventory/status/words';
import { largeUuid, portions } from '../support/list-large-library.ts';
import { bytesIn, linesIn, type Part, type Place, runMeasured, seconds, table, timed } from './part.ts';
import { openSandbox, type SandboxProcess } from './sandbox-process.ts';
import { openApi } from './tutorial.ts';
import { runWay, thisProgram } from './ways.ts';

const most = { startMs: 30_000, startMb: 300, resumeMs: 2_000, exportMs: 30_000 };
/** Larger libraries have no target for the start, and take too long where each answer takes 20 ms. */
const usual = 100_000;

type Options = Parameters<Part>[0] & Place & { readonly tests: number };

/** The commands on libraries of growing size whose listing says all types, and new tests on top of them. */
export const scale: Part = async (options) => {
  const about = 'Libraries whose listing says all types (time / most memory of the process)';
  const commands = ['start', 'again', 'plan', 'exporter --once', 'NDJSON', 'verify', 'status'];
  const row = table(about, ['tests', 'floor', ...commands]);
  const [onTop, slowly]: [string[][], string[][]] = [[], []];
  for (const tests of options.sizes ?? (options.quick ? [2_000] : [1_000, 10_000, 100_000])) {
    const place = await options.open();
    await watchSlowCommands(place.checkpoints.client);
    const library = await runCommands({ ...options, ...place, tests });
    row(numberText(tests), ...library.cells);
    if (library.slowly.length > 0) slowly.push([numberText(tests), ...library.slowly]);
    const added = await addTests({ ...options, ...place, tests }, library.bytesPerTest);
    onTop.push([numberText(tests), ...added, await slowestCommand(place.checkpoints.client)]);
  }
  const perJob = ['probed, ms per test', 'enqueued, ms per job', 'bytes per test', 'bytes per job'];
  const onTopHeads = ['tests', ...perJob, 'forget --all', 'longest command'];
  table('New tests on top of them, and what Redis holds', onTopHeads, onTop);
  table('The same where answers take 20 ms', ['tests', 'floor', 'again'], slowly);
};

/** Takes a library whose listing says all types through the commands, each a process of its own. */
async function runCommands({ checkpoints, folder, settings, tests, wrong, missed }: Options) {
  await using sandbox = await openSandbox({ tests, metadata: true });
  const ndjson = join(folder, 'tests.ndjson');
  const account = { ...sandbox.settings, ...settings, REQUEST_INTERVAL_MS: '0' };
  const run = (app: string, ...args: string[]) => runMeasured(account, app, ...args);
  const floor = await runFloor(sandbox, folder);
  const before = await bytesIn(checkpoints, 'used_memory');
  const first = await run('cli', 'start', '--all');
  const bytesPerTest = ((await bytesIn(checkpoints, 'used_memory')) - before) / tests;
  const again = await run('cli', 'start', '--all');
  const plan = await run('cli', 'plan', '--all', '--json');
  const exported = await run('exporter', '--once');
  const lines = await run('exporter', '--once', '--format', 'ndjson', '--out', ndjson);
  const verify = await run('cli', 'verify', '--json');
  const status = await run('cli', 'status', '--json');
  const measured = [first, again, plan, exported, lines, verify, status];
  const slowly: string[] = [];
  if (tests <= usual) {
    // An API takes its time, and a start does much of its own work meanwhile.
    await sandbox.setLatency(20);
    const pages = await runFloor(sandbox, folder);
    const late = await run('cli', 'start', '--all');
    wrong(late.code !== 0 && `${tests} tests: a slow start ended with ${late.code}`);
    const more = late.ms - pages.ms;
    missed(more > most.resumeMs && `start again with ${numberText(tests)} tests: ${seconds(more)} more than the floor`);
    slowly.push(seconds(pages.ms), cell(late));
  }
  const { byCategory } = await checkpoints.inventory.totals();
  const { counts } = JSON.parse(await readFile(join(settings.STATE_DIR, 'manifest.json'), 'utf8'));
  const right = {
    'every command ends with 0': measured.every(({ code }) => code === 0),
    'the listing is whole': floor.tests === tests,
    'the types are right': sandbox.isRight(byCategory),
    'nothing was probed': (await sandbox.requests()).length === 0,
    'the plan has nothing to do': JSON.parse(plan.stdout).situations.done === tests,
    'the state files hold every test': counts.utz + counts.classicut === tests,
    'NDJSON has every test': linesIn(await readFile(ndjson)) === tests,
    'status knows every test': JSON.parse(status.stdout).tests.known === tests,
  };
  for (const [rule, holds] of Object.entries(right)) wrong(!holds && `${tests} tests: not so: ${rule}`);
  const isSlow = tests <= usual && (first.ms > most.startMs || first.peakMb > most.startMb);
  missed(isSlow && `npm start with ${numberText(tests)} tests: ${cell(first)}`);
  missed(exported.ms > most.exportMs && `the export of ${numberText(tests)} tests: ${cell(exported)}`);
  return { cells: [seconds(floor.ms), ...measured.map(cell)], bytesPerTest, slowly };
}

/**
 * The least that any program does with a library whose listing says all types: fetches every page, workspaces side by
 * side, and writes the types down in the end. No Redis, no checks, nothing to continue from.
 * @param folder for its two lists
 * @returns how long it takes without the start of a process, ms, and how many tests it has seen
 */
async function runFloor({ settings }: SandboxProcess, folder: string): Promise<{ ms: number; tests: number }> {
  const lists = { UTZ: [] as object[], ClassicUT: [] as object[] };
  const startedAt = performance.now();
  const api = await openApi(settings);
  const ask = async (path: string) => JSON.parse((await api(`/usertesting/api/v1/workspaces${path}`)) ?? '');
  const list = async ({ uuid: workspace_uuid, name: workspace_name }: Record<'uuid' | 'name', string>) => {
    let page = await ask(`/${workspace_uuid}`);
    while (page.studies.length > 0) {
      // On its way while this page is read.
      const next = ask(`/${workspace_uuid}?after=${encodeURIComponent(page.studies.at(-1).cursor)}`);
      for (const { uuid: test_uuid, type, productType } of page.studies) {
        const { category } = declaredCategory({ type, productType }) ?? {};
        if (category === undefined) continue;
        const test_type = testTypeOf(category);
        lists[platformOf(category)].push({ test_uuid, workspace_uuid, workspace_name, test_type });
      }
      page = await next;
    }
  };
  await Promise.all((await ask('')).map(list));
  for (const [name, items] of Object.entries(lists))
    await writeFile(join(folder, `floor-${name}.json`), JSON.stringify(items, null, 2));
  return { ms: performance.now() - startedAt, tests: lists.UTZ.length + lists.ClassicUT.length };
}

/** Probes tests on top of a library, enqueues jobs for others, and has everything forgotten. @returns cells */
async function addTests({ quick, tests, wrong, ...place }: Options, bytesPerTest: number): Promise<string[]> {
  const { checkpoints, folder, settings } = place;
  const [probed, jobs] = [quick ? 200 : 2_000, tests / 10];
  await using sandbox = await openSandbox({ tests: probed, seed: 2 });
  const probedMs = await runWay(thisProgram, { ...place, sandbox, intervalMs: 0, processes: 2 });
  const { open } = await checkpoints.inventory.totals();
  const before = await bytesIn(checkpoints, 'used_memory');
  const queue = new TestQueue(checkpoints, new Pace(checkpoints, 0));
  const enqueuedMs = await timed(() => enqueueTests(checkpoints, queue, jobs));
  const bytesPerJob = ((await bytesIn(checkpoints, 'used_memory')) - before) / jobs;
  const { waiting } = await queue.counts();
  // Where no state files are: it would write them anew too.
  const forget = await runMeasured({ ...settings, STATE_DIR: folder }, 'cli', 'forget', '--all', '--yes');
  const left = (await checkpoints.inventory.totals()).tests + (await queue.counts()).waiting;
  await queue.close();
  wrong(open > 0 && `${open} tests were left open`);
  wrong(waiting !== jobs && `${waiting} jobs instead of ${jobs}`);
  wrong((forget.code !== 0 || left > 0) && `${left} tests or jobs were not forgotten`);
  const times = [(probedMs / probed).toFixed(1), (enqueuedMs / jobs).toFixed(2)];
  return [...times, bytesPerTest.toFixed(0), bytesPerJob.toFixed(0), cell(forget)];
}

function cell({ ms, peakMb }: { readonly ms: number; readonly peakMb: number }): string {
  return `${seconds(ms)} / ${peakMb.toFixed(0)} MB`;
}

/** Begins to watch for commands that keep Redis busy for more than a millisecond. */
async function watchSlowCommands(client: RedisClient): Promise<void> {
  await client.config('SET', 'slowlog-log-slower-than', '1000');
  await client.config('SET', 'slowlog-max-len', '10000');
  await client.slowlog('RESET');
}

/** The command that kept Redis busy for longest since then, and for how long; others had to wait for so long. */
async function slowestCommand(client: RedisClient): Promise<string> {
  const entries = (await client.slowlog('GET', 10_000)) as [number, number, number, string[]][];
  const [, , micros, [name]] = entries.sort((a, b) => b[2] - a[2])[0] ?? [0, 0, 0, ['none']];
  return `${(micros / 1000).toFixed(1)} ms (${name})`;
}

/** What Redis holds for a library that is probed, at each stage of its life. */
export const memory: Part = async ({ quick, open, wrong }) => {
  const tests = quick ? 2_000 : 100_000;
  const about = `Memory of Redis for ${numberText(tests)} tests that are probed`;
  const row = table(about, ['when', 'memory', 'bytes per test', 'append-only file']);
  const { checkpoints } = await open();
  const queue = new TestQueue(checkpoints, new Pace(checkpoints, 6050));
  const before = await bytesIn(checkpoints, 'used_memory');
  const show = async (when: string): Promise<void> => {
    const bytes = (await bytesIn(checkpoints, 'used_memory')) - before;
    const file = await bytesIn(checkpoints, 'aof_current_size');
    row(when, megabytes(bytes), (bytes / tests).toFixed(0), megabytes(file));
  };
  await enqueueTests(checkpoints, queue, tests);
  await show('listed and enqueued');
  await probeTests(checkpoints, tests);
  await show('all probed, four answers each, still in the queue');
  await queue.bull.obliterate({ force: true });
  await queue.close();
  await show('worked off');
  const { survey } = (await checkpoints.inventory.totals()).byCategory;
  wrong(survey !== tests && `${survey} of ${tests} tests are surveys`);
};

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Lists tests page by page as the producer does, none of which is decided by that, and enqueues them. */
async function enqueueTests(checkpoints: Checkpoints, queue: TestQueue, tests: number): Promise<void> {
  const { runs, listing } = checkpoints;
  const { id: run, joinedAt } = await runs.start('bench');
  const place = { run, joinedAt, workspace: 'bench', position: 0, probe: true };
  const test = (number: number) => {
    const listing = { title: `Checkout prototype, round ${number}`, orderedAt: '2026-02-13T12:07:33Z' };
    return { uuid: largeUuid(number), listing, declared: null };
  };
  // As many as a page of the API has.
  for (const numbers of portions(tests, 50))
    await queue.enqueue(await listing.savePage({ ...place, tests: numbers.map(test) }));
}

const [present, absent] = [{ outcome: 'present', sessionId: randomUUID() } as const, { outcome: 'absent' } as const];
const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;

/** Gives enqueued tests the answers of a survey, which takes all four probes. */
async function probeTests({ test }: Checkpoints, tests: number): Promise<void> {
  for (const numbers of portions(tests, 200)) {
    for (const probe of ['sessions', 'video', 'qx', 'transcript'] as const) {
      const answer = probe === 'sessions' ? present : absent;
      const verdict = probe === 'transcript' ? survey : null;
      await Promise.all(numbers.map((number) => test.noteAnswer(largeUuid(number), { probe, answer, verdict })));
    }
  }
}
