import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSystemBench, type SystemBench } from '../../../test/support/system-bench.ts';

const everySecond = ['--schedule', '* * * * * *'];

let bench: SystemBench;
let endings: (() => Promise<void>)[];
beforeEach(async () => {
  endings = [];
  bench = await openSystemBench({
    afterTest: (work) => endings.push(work),
    sandbox: { library: { tests: 12, workspaces: 3, seed: 2 } },
  });
});
afterEach(async () => {
  for (const end of endings.reverse()) await end();
});

const waiting = () => bench.redis.zcard(`${bench.prefix}:classify:prioritized`);
const listings = () => bench.sandbox.requests().filter(({ endpoint }) => endpoint === 'workspaces').length;

it('does at each tick what one call of the producer does, in the run that is under way; SIGTERM ends it with 0', async () => {
  const producer = bench.launch('producer', [...everySecond, '--time-zone', 'Europe/Berlin']);
  await producer.said(/Next run: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d Europe\/Berlin \(\* \* \* \* \* \*\)/);
  await producer.said('12 tests enqueued');
  expect(await waiting()).toBe(12);
  await producer.said(/The previous run is not over yet: this one joins it(.|\n)*12 of 12 known tests are open/);
  expect(await waiting()).toBe(12);
  expect(await bench.redis.hlen(`${bench.prefix}:runs`)).toBe(1);
  expect(await producer.stop()).toMatchObject({ code: 0 });
});

it('selects the workspaces that are named', async () => {
  const uuid = bench.sandbox.library.workspaces()[1]?.uuid ?? '';
  const producer = bench.launch('producer', [...everySecond, '--workspace-uuid', uuid]);
  await producer.said('tests enqueued');
  expect(await waiting()).toBe(bench.sandbox.library.listing(uuid, 0, 50)?.length);
});

it('continues after failed runs, and reports each', async () => {
  bench.sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'workspaces' });
  const producer = bench.launch('producer', everySecond);
  await producer.said(/a scheduled run failed(.|\n)*a scheduled run failed/);
  bench.sandbox.faults.clear();
  await producer.said('12 tests enqueued');
  producer.kill('SIGINT');
  expect(await producer.ended).toMatchObject({ code: 0 });
});

it('lists nothing between two ticks', async () => {
  const producer = bench.launch('producer', ['--schedule', '0 0 1 1 *']);
  await producer.said('Next run: ');
  expect(await producer.stop()).toMatchObject({ code: 0 });
  expect(listings()).toBe(0);
});

it.each([
  ['a schedule that is none', ['--schedule', '0 2'], /2 of 5 fields.*: --schedule "0 2 \* \* \*"/],
  ['a zone that is none', [...everySecond, '--time-zone', 'Mars'], /time zone such as Europe\/Berlin/],
  ['a zone without a schedule', ['--time-zone', 'UTC'], /--time-zone needs --schedule/],
  ['a workspace that does not exist', [...everySecond, '--workspace-uuid', 'nowhere'], /not found: nowhere/],
])('ends with 2 for %s, and says what is expected', async (_what, args, said) => {
  const { code, stderr } = await bench.launch('producer', args).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/\n\s+at /);
});
