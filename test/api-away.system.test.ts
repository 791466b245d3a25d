import { expect, it } from 'vitest';
import { openCircuit } from './support/open-circuit.ts';
import { libraryOf, openSystemBench } from './support/system-bench.ts';

const settings = { REQUEST_INTERVAL_MS: '50', WORKER_SLOTS: '2' };
const library = libraryOf(...Array.from({ length: 20 }, () => 'survey' as const));

it.concurrent('npm start says once that the API does not answer and once that it answers again, and loses nothing', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library }, settings });
  bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'results', skip: 8 });
  const program = bench.launch('cli', ['start', '--all']);
  await program.said(
    /\[WARN\] The Results API has not answered since [\d: -]+ \(\S+ answered 503\); no requests except one/,
  );
  const status = await bench.launch('cli', ['status', '--json']).ended;
  expect(JSON.parse(status.stdout)).toMatchObject({
    pace: { circuit: { cause: 'outage', why: expect.stringContaining('503') } },
    left: { ends_at: null },
  });
  bench.sandbox.faults.clear();
  await program.said(/\[INFO\] The Results API answers again, after \d+ s\.\n/);
  const { code, stdout } = await program.ended;
  expect(code).toBe(0);
  expect(stdout.match(/has not answered since|answers again/g)).toHaveLength(2);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('npm start ends with 1 after an hour without an answer; the next start goes on, though the circuit is open', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library }, settings });
  bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'results', skip: 8 });
  const program = bench.launch('cli', ['start', '--all']);
  await program.said('has not answered since');
  await bench.redis.hincrby(`${bench.prefix}:circuit`, 'since', -3_600_000);
  // Each wait for the next request is twice the one before it.
  await bench.redis.hset(`${bench.prefix}:circuit`, 'probes', -4);
  const { code, stderr } = await program.ended;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/for over an hour: giving up for now, all work is kept/)]);
  bench.sandbox.faults.clear();
  // Half a day later.
  await openCircuit({ client: bench.redis, prefix: bench.prefix }, { forMs: 36_000_000, nextInMs: -1 });
  await bench.redis.del(`${bench.prefix}:classify:limiter`);
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('where verdicts are taken back, the count goes on from what is left', async ({ onTestFinished }) => {
  const classic = Array.from({ length: 30 }, () => 'classic' as const);
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'survey', ...classic) },
    settings: { ...settings, WORKER_SLOTS: '1' },
  });
  const json = { 'content-type': 'application/json' };
  const gateway = { kind: 'status', status: 404, body: '{"message":"no Route matched"}', headers: json } as const;
  bench.sandbox.faults.add({ ...gateway, endpoint: 'sessionResults', skip: 2 });
  const program = bench.launch('cli', ['start', '--all']);
  await program.said(/\[WARN\] The Results API answers 404 for tests that it knew at .*: everything has waited since/);
  bench.sandbox.faults.clear();
  const { code, stdout } = await program.ended;
  expect(code).toBe(0);
  const places = [...stdout.matchAll(/^\[(\d+)\/(\d+)\]/gm)].map(([, place, of]) => `${place}/${of}`);
  expect([places.at(0), places.at(-1), new Set(places).size]).toEqual(['1/32', '32/32', 32]);
  expect(stdout).toContain('[INFO] The Results API knows its tests again, after ');
});
