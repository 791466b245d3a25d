import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import { Keyspace } from '@inventory/redis';
import { expectedByMetadata } from '@inventory/sandbox';
import { runFloor } from './floor.ts';
import {
  inFolder,
  type Measured,
  redisMemory,
  runMeasured,
  slowestCommand,
  watchSlowCommands,
  withPrefix,
} from './measure.ts';
import { enqueueTests } from './numbered-tests.ts';
import { number, type Part, type PartOptions, printHead, printRow, seconds } from './part.ts';
import { hasExpectedCounts, withSandbox } from './sandbox-process.ts';
import { programWay, runWay } from './ways.ts';

const most = { startMs: 30_000, startMb: 300, resumeMs: 2_000, exportMs: 30_000 };
/** Larger libraries take too long where each answer takes 20 ms. */
const mostSlowly = 100_000;

/** The commands, by the heads of their columns. @param ndjson where one of them writes */
const commandsFor = (ndjson: string) =>
  ({
    start: ['cli', 'start', '--all'],
    again: ['cli', 'start', '--all'],
    plan: ['cli', 'plan', '--all', '--json'],
    'exporter --once': ['exporter', '--once'],
    NDJSON: ['exporter', '--once', '--format', 'ndjson', '--out', ndjson],
    verify: ['cli', 'verify', '--json'],
    status: ['cli', 'status', '--json'],
  }) as const;
type Commands = Record<keyof ReturnType<typeof commandsFor>, Measured>;

/** Where a part of this one works. */
interface Place extends PartOptions {
  readonly prefix: string;
}

/** The commands on libraries of growing size whose listing says all types, and new tests on top of them. */
export const scaleBench: Part = async (options) => {
  const { client, quick, sizes } = options;
  const onTop: (readonly string[])[] = [];
  const slowly: (readonly string[])[] = [];
  const about = 'Libraries whose listing says all types (time / most memory of the process)';
  printHead(about, ['tests', 'floor', ...Object.keys(commandsFor(''))]);
  for (const tests of sizes ?? (quick ? [2_000] : [1_000, 10_000, 100_000])) {
    await withPrefix(client, async (prefix) => {
      await watchSlowCommands(client);
      const library = await libraryAtSize({ ...options, prefix }, tests);
      printRow([number(tests), ...library.cells]);
      const jobs = await jobsAtSize({ ...options, prefix }, { probed: quick ? 200 : 2_000, jobs: tests / 10 });
      const perTest = [jobs.probedMs.toFixed(1), jobs.enqueuedMs.toFixed(2), library.bytesPerTest.toFixed(0)];
      onTop.push([number(tests), ...perTest, jobs.bytes.toFixed(0), cell(jobs.forget), await slowestCommand(client)]);
      if (tests <= mostSlowly) slowly.push([number(tests), ...library.slowly]);
    });
  }
  const perJob = ['probed, ms per test', 'enqueued, ms per job', 'bytes per test', 'bytes per job'];
  printHead('New tests on top of them, and what Redis holds', ['tests', ...perJob, 'forget --all', 'longest command']);
  for (const row of onTop) printRow(row);
  printHead('The same where answers take 20 ms', ['tests', 'floor', 'again']);
  for (const row of slowly) printRow(row);
};

/** Takes a library whose listing says all types through the commands, each a process of its own. */
function libraryAtSize({ client, prefix, dataDir, wrong, missed }: Place, tests: number) {
  const library = { tests, seed: 1, metadata: true };
  return withSandbox(library, (sandbox) =>
    inFolder(async (folder) => {
      const [stateDir, ndjson] = [join(folder, 'state'), join(folder, 'tests.ndjson')];
      const where = { ...sandbox.settings, QUEUE_PREFIX: prefix, STATE_DIR: stateDir, DATA_DIR: dataDir };
      const settings = { ...where, REQUEST_INTERVAL_MS: '0', LOG_LEVEL: 'warn' };
      const floor = await runFloor(sandbox, folder);
      const before = await redisMemory(client);
      let bytes = 0;
      const measured = {} as Commands;
      for (const [name, command] of Object.entries(commandsFor(ndjson))) {
        measured[name as keyof Commands] = await runMeasured(command, settings);
        bytes ||= (await redisMemory(client)) - before;
      }
      const slowly: string[] = [];
      if (tests <= mostSlowly) {
        // An API takes its time, and a start does much of its own work meanwhile.
        await sandbox.setLatency(20);
        const pages = await runFloor(sandbox, folder);
        const again = await runMeasured(['cli', 'start', '--all'], settings);
        wrong(again.code !== 0 && `${tests} tests: a slow start ended with ${again.code}`);
        slowly.push(seconds(pages.ms), cell(again));
        const more = again.ms - pages.ms;
        missed(more > most.resumeMs && `start again with ${number(tests)} tests: ${seconds(more)} more than the floor`);
      }
      const { byCategory } = await (await Checkpoints.open(new Keyspace(client, prefix))).inventory.totals();
      const { counts } = JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'));
      const right = {
        'every command ends with 0': Object.values(measured).every(({ code }) => code === 0),
        'the listing is whole': floor.tests === tests,
        'the types are right': hasExpectedCounts(byCategory, library, expectedByMetadata),
        'nothing was probed': (await sandbox.requests()).length === 0,
        'the plan has nothing to do': JSON.parse(measured.plan.stdout).situations.done === tests,
        'the state files hold every test': counts.utz + counts.classicut === tests,
        'NDJSON has every test': (await readFile(ndjson)).filter((byte) => byte === 0x0a).length === tests,
        'status knows every test': JSON.parse(measured.status.stdout).tests.known === tests,
      };
      for (const [rule, holds] of Object.entries(right)) wrong(!holds && `${tests} tests: not so: ${rule}`);
      const { start, 'exporter --once': exported } = measured;
      const isSlow = tests <= 100_000 && (start.ms > most.startMs || start.peakMb > most.startMb);
      missed(isSlow && `npm start with ${number(tests)} tests: ${cell(start)}`);
      missed(exported.ms > most.exportMs && `the export of ${number(tests)} tests: ${cell(exported)}`);
      return { cells: [seconds(floor.ms), ...Object.values(measured).map(cell)], bytesPerTest: bytes / tests, slowly };
    }),
  );
}

/**
 * Probes so many tests on top of a library, enqueues jobs for others, and has everything forgotten.
 * @returns figures per test or job
 */
async function jobsAtSize(
  { client, dataDir, prefix, wrong }: Place,
  { probed, jobs }: { probed: number; jobs: number },
) {
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  const { inventory } = checkpoints;
  const probedMs = await withSandbox({ tests: probed, seed: 2 }, async (sandbox) =>
    runWay(await programWay({ sandbox, client, prefix, dataDir, intervalMs: 0 }), 2),
  );
  const { open } = await inventory.totals();
  const before = await redisMemory(client);
  const queue = new TestQueue(checkpoints, new Pace(checkpoints, 0));
  const enqueuedMs = await enqueueTests(checkpoints, queue, jobs);
  const bytes = ((await redisMemory(client)) - before) / jobs;
  const { waiting } = await queue.counts();
  const forget = await inFolder((folder) => {
    const settings = { QUEUE_PREFIX: prefix, STATE_DIR: folder, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
    return runMeasured(['cli', 'forget', '--all', '--yes'], settings);
  });
  const left = (await inventory.totals()).tests + (await queue.counts()).waiting;
  await queue.close();
  wrong(open > 0 && `${open} tests were left open`);
  wrong(waiting !== jobs && `${waiting} jobs instead of ${jobs}`);
  wrong((forget.code !== 0 || left > 0) && `${left} tests or jobs were not forgotten`);
  return { probedMs: probedMs / probed, enqueuedMs: enqueuedMs / jobs, bytes, forget };
}

function cell({ ms, peakMb }: Measured): string {
  return `${seconds(ms)} / ${peakMb.toFixed(0)} MB`;
}
