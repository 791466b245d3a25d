import { rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import {
  makeProvisional,
  makeUnconfirmed,
  openTestCheckpoints,
  type TestCheckpoints,
} from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';
import { Exporter } from './exporter.ts';
import { reportRuns } from './report-runs.ts';

const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;

let bench: TestCheckpoints;
let stateDir: string;
beforeEach(async () => {
  bench = await openTestCheckpoints();
  onTestFinished(() => bench[Symbol.asyncDispose]());
  stateDir = join(await temporaryFolder(onTestFinished), 'state');
});

/** An exporter that writes for reports alone, and what it prints. */
async function reporting({ printing = () => undefined }: { printing?: () => void } = {}) {
  const { checkpoints } = bench;
  const { logger, lines } = recordedLogger();
  const settings = { stateDir, queuePrefix: checkpoints.prefix, exportIntervalMs: 3_600_000 };
  const exporter = await Exporter.start({ checkpoints, settings, logger });
  const printed: string[] = [];
  const stopping = new AbortController();
  const print = (text: string): void => {
    printed.push(text);
    printing();
  };
  const { signal } = stopping;
  const ended = reportRuns({ checkpoints, settings, logger, exporter, print, signal, lookEveryMs: 20 });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
    await exporter.stop();
  };
  onTestFinished(stop);
  return { exporter, printed, lines, ended, stop };
}

it('a run that has ended is reported once, with exact files, and marked', async () => {
  const { id } = await bench.open('a');
  await bench.checkpoints.runs.markListed(id);
  const { printed, lines, stop } = await reporting();
  await bench.checkpoints.test.decide('a', survey);
  await until('it is reported', () => printed.length > 0);
  expect(printed[0]).toMatch(/Surveys: 1 \(this run: 1\)[\s\S]*\[PASS\] Output files exist/);
  expect(await bench.checkpoints.runs.read(id)).toMatchObject({ verified: true, finishedAt: expect.any(Number) });
  expect((await readState(stateDir)).utz).toHaveLength(1);
  await stop();
  const later = await reporting();
  const next = await bench.checkpoints.runs.start('all');
  await bench.checkpoints.runs.markListed(next.id);
  await until('the next one is reported', () => later.printed.length > 0);
  await later.stop();
  expect([printed.length, later.printed.length]).toEqual([1, 1]);
  expect(lines.filter((line) => line === 'a run has ended')).toHaveLength(1);
});

it('provisional and unconfirmed verdicts, and what has changed, are reported after the checks', async () => {
  const { id } = await bench.open('a', 'b');
  await bench.checkpoints.runs.markListed(id);
  const { printed, lines } = await reporting();
  await bench.checkpoints.test.decide('a', survey);
  await makeProvisional(bench.checkpoints, 'a', Date.now());
  await makeUnconfirmed(bench.checkpoints, 'b', 'c');
  await bench.checkpoints.test.decide('b', { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' });
  await until('it is reported', () => printed.length > 0);
  expect(printed[0]).toMatch(
    /fits the files.*\n\n\[INFO\] 1 verdict is provisional: .*\n\[WARN\] every test was answered 404 by the Results API: check API_BASE_URL.*; 2 ClassicUT verdicts are unconfirmed \(npm run explain\)\.\n\nWhat changed \(\d+ s, 0 requests, no 429\):\n {2}2 new tests\n {2}2 newly classified\n$/,
  );
  expect(lines).toContain('a run has ended');
});

it('a run that is still listing or working is not reported', async () => {
  const open = await bench.open('a');
  await bench.checkpoints.runs.markListed(open.id);
  const listing = await bench.checkpoints.runs.start('w1');
  const { printed } = await reporting();
  const over = await bench.checkpoints.runs.start('w2');
  await bench.checkpoints.runs.markListed(over.id);
  await until('the one that is over is reported', () => printed.length > 0);
  for (const { id } of [open, listing]) expect(await bench.checkpoints.runs.read(id)).not.toHaveProperty('verified');
});

it('a run is reported only once the files could be written', async () => {
  const { id } = await bench.open('a');
  await bench.checkpoints.runs.markListed(id);
  const { exporter, printed, lines } = await reporting();
  await exporter.flush();
  // Without a turn of the exporter between the two.
  rmSync(stateDir, { recursive: true });
  writeFileSync(stateDir, 'in the way');
  await bench.checkpoints.test.decide('a', survey);
  await until('the trouble is said', () => lines.some((line) => line.includes('in the way')));
  expect(printed).toEqual([]);
  await rm(stateDir);
  await until('it is reported', () => printed.length > 0);
  expect(await bench.checkpoints.runs.read(id)).toMatchObject({ verified: true });
});

it('no report is begun after the signal, however many runs have ended', async () => {
  for (const selection of ['w0', 'w1']) {
    const { id } = await bench.checkpoints.runs.start(selection);
    await bench.checkpoints.runs.markListed(id);
  }
  const first = await reporting({ printing: () => void first.stop() });
  await first.ended;
  expect(first.printed).toHaveLength(1);
  const second = await reporting();
  await until('the other one is reported', () => second.printed.length > 0);
});
