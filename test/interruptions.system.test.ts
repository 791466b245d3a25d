import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentWith } from '@inventory/config';
import { expect, it } from 'vitest';
import type { Program } from './support/program.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';
import { watchFiles } from './support/watch-files.ts';

const slots = 3;
const args = ['start', '--all'];

function openBench(afterTest: (work: () => Promise<void>) => void): Promise<SystemBench> {
  const library = { seed: 11, tests: 40, workspaces: 3 };
  const settings = { WORKER_SLOTS: String(slots) };
  return openSystemBench({ afterTest, sandbox: { library, latency: [5, 60] }, settings });
}

/** Waits for so many Results requests. */
async function requests({ asked }: SystemBench, count: number): Promise<void> {
  await until(`${count} requests`, () => asked().length >= count, 120_000);
}

/** Starts a run, and does something to it after so many requests of it. */
async function interrupted(bench: SystemBench, count: number, act: (program: Program) => void): Promise<Program> {
  const before = bench.asked().length;
  const program = bench.launch('cli', args);
  await requests(bench, before + count);
  act(program);
  return program;
}

/** The next start comes to the end of the work. */
async function finishes(bench: SystemBench): Promise<void> {
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
}

it.concurrent('kill -9 repeats at most the requests in flight, and the files are whole at every moment', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  const kills = 4;
  const watch = watchFiles(bench.stateDir);
  for (let nth = 0; nth < kills; nth += 1) {
    const program = await interrupted(bench, 3 + 5 * nth, ({ kill }) => kill('SIGKILL'));
    await program.ended;
  }
  await finishes(bench);
  expect(await watch.end()).toEqual([]);
  expect(bench.asked().length - bench.least()).toBeLessThanOrEqual(kills * slots);
});

it.concurrent.for(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run with 130, and the next start goes on where it was',
  async (signal, { onTestFinished }) => {
    const bench = await openBench(onTestFinished);
    for (const count of [1, 7, 20]) {
      const program = await interrupted(bench, count, ({ kill }) => kill(signal));
      expect(await program.ended).toEndWith({ code: 130 });
    }
    await finishes(bench);
    expect(bench.sandbox.statistics().results).toMatchObject({ count: bench.least(), repeated: 0 });
  },
);

it.concurrent.for(['SIGINT', 'SIGTERM'] as const)('%s to npm reaches the run', async (signal, { onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  const npm = spawn('npm', ['start', '--silent', '--', '--all'], {
    env: environmentWith(bench.settings),
    stdio: 'ignore',
  });
  const ended = once(npm, 'close');
  await requests(bench, 4);
  npm.kill(signal);
  expect(await ended).toEqual([130, null]);
  await finishes(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ repeated: 0 });
});

it.concurrent('Ctrl-C, which reaches npm and the run and is passed on by npm, is one interruption', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  const npm = spawn('npm', ['start', '--silent', '--', '--all'], {
    env: environmentWith(bench.settings),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const said = text(npm.stdout);
  const ended = once(npm, 'close');
  await requests(bench, 4);
  process.kill(-(npm.pid ?? 0), 'SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(await said).toContain('Interrupted. Everything so far is kept');
  await finishes(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ repeated: 0 });
});

it.concurrent('SIGINT ends a run that waits for a listing at once', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  bench.sandbox.faults.add({ kind: 'throttle', endpoint: ['workspaces', 'listing'], retryAfter: '3600' });
  const program = bench.launch('cli', args);
  await program.said('trying again');
  program.kill('SIGINT');
  expect(await program.ended).toEndWith({ code: 130 });
  expect(program.stderr()).not.toMatch(/\n\s+at /);
});

it.concurrent('a second signal ends a run at once, though a request hangs', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  bench.sandbox.faults.add({ kind: 'hang', endpoint: 'results' });
  const program = await interrupted(bench, 1, ({ kill }) => kill('SIGINT'));
  await program.said('Stopping when the requests in progress have ended. Ctrl-C again stops at once.');
  await sleep(700);
  program.kill('SIGINT');
  expect(await program.ended).toEndWith({ code: 130 });
});

it.concurrent('two npm starts at once ask nothing twice', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  for (const ended of await Promise.all([bench.start(), bench.start()])) expect(ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  expect(bench.sandbox.statistics().results).toMatchObject({ count: bench.least(), repeated: 0 });
});
