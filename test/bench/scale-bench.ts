import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { type LibraryFigures, libraryAtSize } from './library-at-size.ts';
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
import { number, type Part, print, printHead, printRow, seconds } from './part.ts';
import { withSandbox } from './sandbox-process.ts';
import { programWay } from './ways.ts';

const most = { startMs: 30_000, startMb: 300, resumeMs: 2_000, exportMs: 30_000 };

/** The commands on libraries of growing size whose listing says all types, and new tests on top of them. */
export const scaleBench: Part = async ({ client, dataDir, quick, sizes }) => {
  const wrong: string[] = [];
  const missed: string[] = [];
  const rows: (readonly string[])[] = [];
  const slowRows: (readonly string[])[] = [];
  print('\nLibraries whose listing says all types (time / most memory of the process):\n');
  printHead([
    'tests',
    'floor',
    'listing alone',
    'start',
    'again',
    'plan',
    'exporter --once',
    'NDJSON',
    'verify',
    'status',
  ]);
  for (const tests of sizes ?? (quick ? [2_000] : [1_000, 10_000, 100_000])) {
    await withPrefix(client, async (prefix) => {
      await watchSlowCommands(client);
      const library = await libraryAtSize({ client, prefix, dataDir, tests });
      const { floorMs, listingMs, slowly, commands, bytesPerTest } = library;
      printRow([number(tests), seconds(floorMs), seconds(listingMs), ...Object.values(commands).map(cell)]);
      const jobs = await jobsAtSize({ client, prefix, dataDir, probed: quick ? 200 : 2_000, jobs: tests / 10 });
      if (slowly) slowRows.push([number(tests), seconds(slowly.listingMs), cell(slowly.again)]);
      const perJob = [
        jobs.probedMs.toFixed(1),
        jobs.enqueuedMs.toFixed(2),
        bytesPerTest.toFixed(0),
        jobs.bytes.toFixed(0),
      ];
      rows.push([number(tests), ...perJob, cell(jobs.forget), await slowestCommand(client)]);
      wrong.push(...library.wrong, ...jobs.wrong);
      missed.push(...missedBy(tests, library));
    });
  }
  print('\nNew tests on top of them, and what Redis holds:\n');
  const perJob = ['probed, ms per test', 'enqueued, ms per job', 'bytes per test', 'bytes per job'];
  printHead(['tests', ...perJob, 'forget --all', 'longest command']);
  for (const row of rows) printRow(row);
  print('\nThe same where answers take 20 ms:\n');
  printHead(['tests', 'listing alone', 'start again, nothing new']);
  for (const row of slowRows) printRow(row);
  return { wrong, missed };
};

interface JobsOptions {
  readonly client: RedisClient;
  /** Where a library stands already. */
  readonly prefix: string;
  readonly dataDir: string;
  /** Tests that are probed on top of it. */
  readonly probed: number;
  /** Tests that are enqueued on top of it. */
  readonly jobs: number;
}

/** Probes some tests on top of a library, enqueues others, and has everything forgotten. Figures are per test or job. */
async function jobsAtSize({ client, prefix, dataDir, probed, jobs }: JobsOptions) {
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  const { inventory } = checkpoints;
  const probedMs = await withSandbox({ tests: probed, seed: 2 }, (sandbox) =>
    programWay({ sandbox, client, prefix, dataDir, intervalMs: 0, workers: 2 }),
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
  const wrong: string[] = [];
  if (open > 0) wrong.push(`${open} tests were left open`);
  if (waiting !== jobs) wrong.push(`${waiting} jobs instead of ${jobs}`);
  if (forget.code !== 0 || left > 0) wrong.push(`${left} tests or jobs were not forgotten`);
  return { probedMs: probedMs / probed, enqueuedMs: enqueuedMs / jobs, bytes, forget, wrong };
}

function missedBy(tests: number, { slowly, commands: { start, export: exported } }: LibraryFigures): string[] {
  const missed: string[] = [];
  if (tests <= 100_000 && (start.ms > most.startMs || start.peakMb > most.startMb)) {
    missed.push(`npm start with ${number(tests)} tests: ${cell(start)}`);
  }
  if (slowly && slowly.again.ms > slowly.listingMs + most.resumeMs) {
    const more = seconds(slowly.again.ms - slowly.listingMs);
    missed.push(`start again with ${number(tests)} tests: ${more} more than the listing`);
  }
  if (exported.ms > most.exportMs) missed.push(`the export of ${number(tests)} tests: ${cell(exported)}`);
  return missed;
}

function cell({ ms, peakMb }: Measured): string {
  return `${seconds(ms)} / ${peakMb.toFixed(0)} MB`;
}
