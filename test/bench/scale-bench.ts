import { type JobsFigures, jobsAtSize } from './jobs-at-size.ts';
import { type LibraryFigures, libraryAtSize } from './library-at-size.ts';
import type { Part } from './part.ts';
import { print, printHead, printRow, seconds } from './print.ts';
import { slowestCommand, watchSlowCommands } from './redis-memory.ts';
import type { Measured } from './run-measured.ts';
import { withPrefix } from './with-prefix.ts';

const most = { startMs: 30_000, startMb: 300, resumeMs: 2_000, exportMs: 30_000 };

/** The commands on libraries of growing size whose listing says all types, and new tests on top of them. */
export const scaleBench: Part = async ({ redis, dataDir, quick, sizes }) => {
  const client = redis.connect('scale');
  const wrong: string[] = [];
  const missed: string[] = [];
  const rows: (readonly string[])[] = [];
  const slowRows: (readonly string[])[] = [];
  print('\nLibraries whose listing says all types (time / most memory of the process):\n');
  printHead(['tests', 'listing alone', 'start', 'again', 'plan', 'exporter --once', 'NDJSON', 'verify', 'status']);
  for (const tests of sizes ?? (quick ? [2_000] : [1_000, 10_000, 100_000])) {
    await withPrefix(client, async (prefix) => {
      await watchSlowCommands(client);
      const library = await libraryAtSize({ client, prefix, dataDir, tests });
      printRow([number(tests), seconds(library.listingMs), ...Object.values(library.commands).map(cell)]);
      const probed = quick ? 200 : 2_000;
      const jobs = await jobsAtSize({ client, prefix, dataDir, probed, jobs: tests / 10 });
      const slowest = await slowestCommand(client);
      const { slowly } = library;
      if (slowly) slowRows.push([number(tests), seconds(slowly.listingMs), cell(slowly.again)]);
      rows.push(jobsRow(tests, library, jobs, `${slowest.ms.toFixed(1)} ms (${slowest.name})`));
      wrong.push(...library.wrong, ...jobs.wrong);
      missed.push(...missedBy(tests, library));
    });
  }
  print('\nNew tests on top of them, and what Redis holds:\n');
  printHead([
    'tests',
    'probed, ms a test',
    'enqueued, ms a job',
    'bytes a test',
    'bytes a job',
    'forget --all',
    'longest command',
  ]);
  for (const row of rows) printRow(row);
  print('\nThe same where answers take 20 ms:\n');
  printHead(['tests', 'listing alone', 'start again, nothing new']);
  for (const row of slowRows) printRow(row);
  return { wrong, missed };
};

function jobsRow(tests: number, { bytesPerTest }: LibraryFigures, jobs: JobsFigures, slowest: string): string[] {
  return [
    number(tests),
    jobs.probedMsPerTest.toFixed(1),
    jobs.enqueuedMsPerJob.toFixed(2),
    bytesPerTest.toFixed(0),
    jobs.bytesPerJob.toFixed(0),
    cell(jobs.forget),
    slowest,
  ];
}

function missedBy(tests: number, { slowly, commands: { start, export: exported } }: LibraryFigures): string[] {
  return [
    ...(tests <= 100_000 && (start.ms > most.startMs || start.peakMb > most.startMb)
      ? [`npm start with ${number(tests)} tests: ${cell(start)}`]
      : []),
    ...(slowly && slowly.again.ms > slowly.listingMs + most.resumeMs
      ? [
          `start again with ${number(tests)} tests: ${seconds(slowly.again.ms - slowly.listingMs)} more than the listing`,
        ]
      : []),
    ...(exported.ms > most.exportMs ? [`the export of ${number(tests)} tests: ${cell(exported)}`] : []),
  ];
}

function cell({ ms, peakMb }: Measured): string {
  return `${seconds(ms)} / ${peakMb.toFixed(0)} MB`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
