import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import { Keyspace } from '@inventory/redis';
import { expectedByMetadata } from '@inventory/sandbox';
import { runFloor } from './floor.ts';
import * as measure from './measure.ts';
import { enqueueTests } from './numbered-tests.ts';
import { number, type Part, type PartOptions, seconds, table } from './part.ts';
import { hasExpectedCounts, openSandbox } from './sandbox-process.ts';
import { openWay, runWay } from './ways.ts';

const most = { startMs: 30_000, startMb: 300, resumeMs: 2_000, exportMs: 30_000 };
/** Larger libraries take too long where each answer takes 20 ms. */
const mostSlowly = 100_000;
const start = ['cli', 'start', '--all'] as const;

/** Where a part of this one works. */
interface Place extends PartOptions {
  readonly prefix: string;
  readonly tests: number;
}

/** The commands on libraries of growing size whose listing says all types, and new tests on top of them. */
export const scaleBench: Part = async (options) => {
  const { client, quick, sizes } = options;
  const about = 'Libraries whose listing says all types (time / most memory of the process)';
  const commands = ['start', 'again', 'plan', 'exporter --once', 'NDJSON', 'verify', 'status'];
  const row = table(about, ['tests', 'floor', ...commands]);
  const [onTop, slowly]: [string[][], string[][]] = [[], []];
  for (const tests of sizes ?? (quick ? [2_000] : [1_000, 10_000, 100_000])) {
    const place = { ...options, prefix: await measure.freshPrefix(client), tests };
    await measure.watchSlowCommands(client);
    const library = await libraryAtSize(place);
    row(number(tests), ...library.cells);
    if (library.slowly.length > 0) slowly.push([number(tests), ...library.slowly]);
    const { perTest, forget } = await jobsAtSize(place, { probed: quick ? 200 : 2_000, jobs: tests / 10 });
    const bytes = [library.bytesPerTest, perTest.bytes].map((each) => each.toFixed(0));
    const times = [perTest.probedMs.toFixed(1), perTest.enqueuedMs.toFixed(2)];
    onTop.push([number(tests), ...times, ...bytes, forget, await measure.slowestCommand(client)]);
  }
  const perJob = ['probed, ms per test', 'enqueued, ms per job', 'bytes per test', 'bytes per job'];
  const heads = ['tests', ...perJob, 'forget --all', 'longest command'];
  const onTopRow = table('New tests on top of them, and what Redis holds', heads);
  for (const cells of onTop) onTopRow(...cells);
  const slowRow = table('The same where answers take 20 ms', ['tests', 'floor', 'again']);
  for (const cells of slowly) slowRow(...cells);
};

/** Takes a library whose listing says all types through the commands, each a process of its own. */
async function libraryAtSize({ client, prefix, dataDir, tests, wrong, missed }: Place) {
  const library = { tests, seed: 1, metadata: true };
  await using sandbox = await openSandbox(library);
  await using folder = await measure.openFolder();
  const [stateDir, ndjson] = [join(folder.path, 'state'), join(folder.path, 'tests.ndjson')];
  const where = { ...sandbox.settings, QUEUE_PREFIX: prefix, STATE_DIR: stateDir, DATA_DIR: dataDir };
  const settings = { ...where, REQUEST_INTERVAL_MS: '0', LOG_LEVEL: 'warn' };
  const run = (...command: Parameters<typeof measure.runMeasured>[0]) => measure.runMeasured(command, settings);
  const floor = await runFloor(sandbox, folder.path);
  const before = await measure.redisMemory(client);
  const first = await run(...start);
  const bytesPerTest = ((await measure.redisMemory(client)) - before) / tests;
  const again = await run(...start);
  const plan = await run('cli', 'plan', '--all', '--json');
  const exported = await run('exporter', '--once');
  const lines = await run('exporter', '--once', '--format', 'ndjson', '--out', ndjson);
  const verify = await run('cli', 'verify', '--json');
  const status = await run('cli', 'status', '--json');
  const measured = [first, again, plan, exported, lines, verify, status];
  const slowly: string[] = [];
  if (tests <= mostSlowly) {
    // An API takes its time, and a start does much of its own work meanwhile.
    await sandbox.setLatency(20);
    const pages = await runFloor(sandbox, folder.path);
    const late = await run(...start);
    wrong(late.code !== 0 && `${tests} tests: a slow start ended with ${late.code}`);
    const more = late.ms - pages.ms;
    missed(more > most.resumeMs && `start again with ${number(tests)} tests: ${seconds(more)} more than the floor`);
    slowly.push(seconds(pages.ms), cell(late));
  }
  const { byCategory } = await (await Checkpoints.open(new Keyspace(client, prefix))).inventory.totals();
  const { counts } = JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'));
  const right = {
    'every command ends with 0': measured.every(({ code }) => code === 0),
    'the listing is whole': floor.tests === tests,
    'the types are right': hasExpectedCounts(byCategory, library, expectedByMetadata),
    'nothing was probed': (await sandbox.requests()).length === 0,
    'the plan has nothing to do': JSON.parse(plan.stdout).situations.done === tests,
    'the state files hold every test': counts.utz + counts.classicut === tests,
    'NDJSON has every test': measure.linesIn(await readFile(ndjson)) === tests,
    'status knows every test': JSON.parse(status.stdout).tests.known === tests,
  };
  for (const [rule, holds] of Object.entries(right)) wrong(!holds && `${tests} tests: not so: ${rule}`);
  const isSlow = tests <= 100_000 && (first.ms > most.startMs || first.peakMb > most.startMb);
  missed(isSlow && `npm start with ${number(tests)} tests: ${cell(first)}`);
  missed(exported.ms > most.exportMs && `the export of ${number(tests)} tests: ${cell(exported)}`);
  return { cells: [seconds(floor.ms), ...measured.map(cell)], bytesPerTest, slowly };
}

/** Probes so many tests on top of a library, enqueues jobs for others, and has everything forgotten. */
async function jobsAtSize(
  { client, dataDir, prefix, wrong }: Place,
  { probed, jobs }: { probed: number; jobs: number },
) {
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  const { inventory } = checkpoints;
  await using sandbox = await openSandbox({ tests: probed, seed: 2 });
  const probedMs = await runWay(await openWay('program', { sandbox, client, prefix, dataDir, intervalMs: 0 }), 2);
  const { open } = await inventory.totals();
  const before = await measure.redisMemory(client);
  const queue = new TestQueue(checkpoints, new Pace(checkpoints, 0));
  const enqueuedMs = await enqueueTests(checkpoints, queue, jobs);
  const bytes = (await measure.redisMemory(client)) - before;
  const { waiting } = await queue.counts();
  await using folder = await measure.openFolder();
  const settings = { QUEUE_PREFIX: prefix, STATE_DIR: folder.path, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const forget = await measure.runMeasured(['cli', 'forget', '--all', '--yes'], settings);
  const left = (await inventory.totals()).tests + (await queue.counts()).waiting;
  await queue.close();
  wrong(open > 0 && `${open} tests were left open`);
  wrong(waiting !== jobs && `${waiting} jobs instead of ${jobs}`);
  wrong((forget.code !== 0 || left > 0) && `${left} tests or jobs were not forgotten`);
  const perTest = { probedMs: probedMs / probed, enqueuedMs: enqueuedMs / jobs, bytes: bytes / jobs };
  return { perTest, forget: cell(forget) };
}

function cell({ ms, peakMb }: measure.Measured): string {
  return `${seconds(ms)} / ${peakMb.toFixed(0)} MB`;
}
