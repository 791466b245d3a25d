import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentWith } from '@inventory/config';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { openTestAccount, type TestAccount } from './support/account.ts';
import { leastRequests } from './support/needed-probes.ts';
import { type Program, runProgram, startProgram } from './support/program.ts';
import { watchFiles } from './support/watch-files.ts';

const slots = 3;
let account: TestAccount;
beforeEach(async () => {
  const library = { seed: 11, tests: 40, workspaces: 3 };
  account = await openTestAccount({ library, latency: [5, 60] }, inject('redisUrl'), { WORKER_SLOTS: String(slots) });
});
afterEach(() => account.close());

const args = ['start', '--all'];

/** Ends a run after so many Results requests. */
async function after(requests: number, program: Program, act: () => void): Promise<void> {
  const begun = account.sandbox.statistics().results.count;
  await expect
    .poll(() => account.sandbox.statistics().results.count - begun, { timeout: 60_000, interval: 2 })
    .toBeGreaterThanOrEqual(requests);
  act();
  await program.ended;
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run with 130, and the next start goes on where it was',
  async (signal) => {
    for (const requests of [1, 7, 20]) {
      const program = startProgram('cli', args, account.settings);
      await after(requests, program, () => program.kill(signal));
      expect(await program.ended).toEndWith({ code: 130 });
    }
    expect(await runProgram('cli', args, account.settings)).toEndWith({ code: 0 });
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
    const { results } = account.sandbox.statistics();
    expect(results).toMatchObject({ count: leastRequests(account.sandbox.library), repeated: 0 });
  },
);

it.each(['SIGINT', 'SIGTERM'] as const)('%s to npm reaches the run', async (signal) => {
  const npm = spawn('npm', ['start', '--silent', '--', '--all'], {
    env: environmentWith(account.settings),
    stdio: 'ignore',
  });
  const ended = once(npm, 'close');
  await expect.poll(() => account.sandbox.statistics().results.count, { timeout: 120_000 }).toBeGreaterThan(3);
  npm.kill(signal);
  expect(await ended).toEqual([130, null]);
  expect(await runProgram('cli', args, account.settings)).toEndWith({ code: 0 });
  expect(account.sandbox.statistics().results).toMatchObject({ repeated: 0 });
});

it('Ctrl-C, which reaches npm and the run and is passed on by npm, is one interruption', async () => {
  const npm = spawn('npm', ['start', '--silent', '--', '--all'], {
    env: environmentWith(account.settings),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const said = text(npm.stdout);
  const ended = once(npm, 'close');
  await expect.poll(() => account.sandbox.statistics().results.count, { timeout: 120_000 }).toBeGreaterThan(3);
  process.kill(-(npm.pid ?? 0), 'SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(await said).toContain('Interrupted. Everything so far is kept');
  expect(await runProgram('cli', args, account.settings)).toEndWith({ code: 0 });
  expect(account.sandbox.statistics().results).toMatchObject({ repeated: 0 });
});

it('SIGINT ends a run that waits for a listing at once', async () => {
  account.sandbox.faults.add({ kind: 'throttle', endpoint: ['workspaces', 'listing'], retryAfter: '3600' });
  const program = startProgram('cli', args, account.settings);
  await program.said('trying again');
  program.kill('SIGINT');
  expect(await program.ended).toEndWith({ code: 130 });
  expect(program.stderr()).not.toMatch(/\n\s+at /);
});

it('kill -9 repeats at most the requests in flight, and the files are whole at every moment', async () => {
  const kills = 4;
  const watch = watchFiles(account.stateDir);
  for (let kill = 0; kill < kills; kill += 1) {
    const program = startProgram('cli', args, account.settings);
    await after(3 + 5 * kill, program, () => program.kill('SIGKILL'));
  }
  expect(await runProgram('cli', args, account.settings)).toEndWith({ code: 0 });
  expect(await watch.end()).toEqual([]);
  expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  const { results } = account.sandbox.statistics();
  expect(results.count - leastRequests(account.sandbox.library)).toBeLessThanOrEqual(kills * slots);
});

it('a second signal ends a run at once, though a request hangs', async () => {
  account.sandbox.faults.add({ kind: 'hang', endpoint: 'results' });
  const program = startProgram('cli', args, account.settings);
  await expect.poll(() => account.sandbox.statistics().results.count, { timeout: 30_000 }).toBeGreaterThan(0);
  program.kill('SIGINT');
  await sleep(700);
  program.kill('SIGINT');
  expect(await program.ended).toEndWith({ code: 130 });
});

it('two npm starts at once ask nothing twice', async () => {
  const both = [1, 2].map(() => runProgram('cli', args, account.settings));
  for (const ended of await Promise.all(both)) expect(ended).toEndWith({ code: 0 });
  expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  const { results } = account.sandbox.statistics();
  expect(results).toMatchObject({ count: leastRequests(account.sandbox.library), repeated: 0 });
});
