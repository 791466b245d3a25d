import { setTimeout as sleep } from 'node:timers/promises';
import { RunLostError } from '@inventory/checkpoints';
import { UnauthorizedError } from '@inventory/usertesting';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.ts';
import { type ProducerBench, producerBench } from './producer-bench.test.ts';

let bench: ProducerBench;
const open = async (...args: Parameters<typeof producerBench>): Promise<void> => {
  bench = await producerBench(...args);
};
afterEach(() => bench[Symbol.asyncDispose]());

describe('the pages of a workspace', () => {
  it('are listed to the end, and each test is enqueued once', async () => {
    await open({ library: { tests: 120, workspaces: 1 } });
    const { run, failed } = await bench.producing();
    expect(failed).toEqual([]);
    expect(await bench.totals()).toMatchObject({ tests: 120, open: 120 });
    expect(await bench.waiting()).toBe(120);
    expect(bench.afters()).toHaveLength(4);
    const record = await bench.runtime.checkpoints.runs.read(run.id);
    expect(record).toMatchObject({ selected: 120, open: 120, listed: true });
    expect((await bench.runtime.checkpoints.listing.workspaces()).get(bench.workspace(0))?.listedAt).toBe(
      record?.startedAt,
    );
  });

  it('are saved in their order, each while the next one is on its way', async () => {
    await open({ library: { tests: 120, workspaces: 1 } });
    let saved = 0;
    await bench.producing({
      async beforeEnqueue() {
        expect(await bench.waiting()).toBe([0, 50, 100, 120][saved]);
        saved += 1;
        // The fourth page is empty, and the last.
        const asked = Math.min(saved + 1, 4);
        await until(`page ${asked} is asked for`, () => bench.afters().length === asked);
      },
    });
    expect(await bench.waiting()).toBe(120);
  });

  it('may be bare lists', async () => {
    await open({ library: { tests: 60, workspaces: 1 }, listing: 'array' });
    await bench.producing();
    expect(await bench.waiting()).toBe(60);
  });
});

describe('an interrupted listing', () => {
  it('continues from its cursor in the same run', async () => {
    await open({ library: { tests: 120, workspaces: 1 } });
    const stopping = new AbortController();
    const first = await bench.producing({ signal: stopping.signal, onPage: () => stopping.abort() });
    expect((await bench.runtime.checkpoints.runs.read(first.run.id))?.listed).toBe(false);
    expect(await bench.waiting()).toBe(50);
    const second = await bench.producing();
    expect(second.run).toMatchObject({ id: first.run.id, resumed: true });
    // The second page was on its way when the first run was stopped.
    expect(bench.afters()).toEqual([null, 'NTA', 'NTA', 'MTAw', 'MTIw']);
    expect(await bench.totals()).toMatchObject({ tests: 120, open: 120 });
    expect(await bench.waiting()).toBe(120);
  });

  it('begins again where tests have ended in errors since, so that the next start asks about them again', async () => {
    await open({ library: { tests: 60, workspaces: 1 } });
    const stopping = new AbortController();
    await bench.producing({ signal: stopping.signal, onPage: () => stopping.abort() });
    const [failed = ''] = [...bench.sandbox.library.tests()].map(({ uuid }) => uuid);
    const error = { status: 503, status_code: 503, type: 'unclassified_error', error: 'down', body: null } as const;
    await bench.runtime.checkpoints.test.fail(failed, { ...error, attempts: 6 });
    await sleep(5);
    expect((await bench.producing()).run.resumed).toBe(true);
    expect((await bench.runtime.checkpoints.test.load(failed)).open).toBe(true);
    expect(await bench.totals()).toMatchObject({ tests: 60, open: 60 });
  });

  it('whose cursor the API no longer accepts begins again', async () => {
    await open({ library: { tests: 60, workspaces: 1 } });
    const stopping = new AbortController();
    await bench.producing({ signal: stopping.signal, onPage: () => stopping.abort() });
    bench.sandbox.faults.add({ kind: 'status', status: 400, endpoint: 'listing', count: 1 });
    bench.sandbox.resetRequests();
    const { failed } = await bench.producing();
    expect(failed).toEqual([]);
    expect(bench.afters().slice(0, 2)).toEqual(['NTA', null]);
    expect(await bench.waiting()).toBe(60);
  });

  it('whose cursor is an hour old begins again', async () => {
    await open({ library: { tests: 60, workspaces: 1 } });
    const stopping = new AbortController();
    const { run } = await bench.producing({ signal: stopping.signal, onPage: () => stopping.abort() });
    const old = { run: run.id, cursor: 'NTA', at: Date.now() - 3_600_000 };
    await bench.runtime.client.hset(
      `${bench.runtime.settings.queuePrefix}:cursors`,
      bench.workspace(0),
      JSON.stringify(old),
    );
    bench.sandbox.resetRequests();
    await bench.producing();
    expect(bench.afters()[0]).toBeNull();
    expect(await bench.waiting()).toBe(60);
  });

  it('leaves no cursor after a page that could not be enqueued, though its tests are open', async () => {
    await open({ library: { tests: 60, workspaces: 1 } });
    const { client, settings } = bench.runtime;
    await client.set(`${settings.queuePrefix}:classify:prioritized`, 'not a set');
    await expect(bench.producing()).rejects.toThrow();
    expect(await client.exists(`${settings.queuePrefix}:cursors`)).toBe(0);
    expect(await bench.totals()).toMatchObject({ open: 50 });
    await client.del(`${settings.queuePrefix}:classify:prioritized`);
  });

  it('of a run that Redis has lost meanwhile ends, and enqueues nothing more', async () => {
    await open({ library: { tests: 120, workspaces: 1 } });
    const { client, settings } = bench.runtime;
    const forget = async () => {
      await client.del(`${settings.queuePrefix}:runs`, `${settings.queuePrefix}:current`);
    };
    bench.sandbox.faults.add({ kind: 'delay', ms: 200, endpoint: 'listing', skip: 1 });
    await expect(bench.producing({ onPage: () => void forget() })).rejects.toThrow(RunLostError);
    expect(await bench.waiting()).toBe(50);
  });
});

describe('a listing that says the type of every test', () => {
  const typed = { library: { tests: 220, workspaces: 1 }, metadata: true };

  it('is complete after an interruption, whatever was being saved then, and enqueues nothing', async () => {
    await open(typed, { CLASSIFY_BY: 'auto' });
    const stopping = new AbortController();
    const { run } = await bench.producing({ signal: stopping.signal, onPage: () => stopping.abort() });
    const before = bench.afters().length;
    expect((await bench.producing()).run).toMatchObject({ id: run.id, resumed: true });
    expect(bench.afters()[before]).not.toBeNull();
    expect(await bench.totals()).toMatchObject({ tests: 220, undecided: 0, open: 0 });
    expect(await bench.waiting()).toBe(0);
  });

  it('ends when Redis has lost its run, though another page is being saved', async () => {
    await open(typed, { CLASSIFY_BY: 'auto' });
    const { client, settings } = bench.runtime;
    const forget = async () => {
      await client.del(`${settings.queuePrefix}:runs`, `${settings.queuePrefix}:current`);
    };
    await expect(bench.producing({ onPage: () => void forget() })).rejects.toThrow(RunLostError);
  });
});

describe('a workspace that cannot be listed', () => {
  it.each([
    [500, 2],
    [404, 1],
    [403, 1],
  ])('(%d) is recorded, the others continue, and the next success removes the error', async (status, tries) => {
    await open({ library: { tests: 30, workspaces: 3, seed: 2 } });
    const id = bench.sandbox.faults.add({
      kind: 'status',
      status,
      endpoint: 'listing',
      workspaceUuid: bench.workspace(1),
    });
    const { failed } = await bench.producing();
    expect(failed.map(({ uuid }) => uuid)).toEqual([bench.workspace(1)]);
    const [[key, error] = [], ...more] = await bench.errors();
    expect(key).toBe(`workspace:${bench.workspace(1)}`);
    expect(error).toMatchObject({
      type: 'workspace_detail_http_error',
      status,
      status_code: status,
      attempts: tries,
    });
    expect(more).toEqual([]);
    expect(bench.listings(bench.workspace(1))).toBe(tries);
    const others = (await bench.totals()).tests;
    expect(others).toBeGreaterThan(0);
    expect(await bench.waiting()).toBe(others);
    bench.sandbox.faults.remove(id);
    expect((await bench.producing()).failed).toEqual([]);
    expect(await bench.errors()).toEqual([]);
    expect(await bench.waiting()).toBe(30);
  });

  it('from its second page on keeps the first, and the same run continues from there', async () => {
    await open({ library: { tests: 60, workspaces: 1 } });
    bench.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'listing', skip: 1, count: 1 });
    expect((await bench.producing()).failed).toHaveLength(1);
    expect(await bench.waiting()).toBe(50);
    bench.sandbox.resetRequests();
    await bench.producing();
    expect(bench.afters()[0]).toBe('NTA');
    expect(await bench.waiting()).toBe(60);
  });

  it('because the account is refused ends all listings: the error is thrown and not recorded', async () => {
    await open({ library: { tests: 10, workspaces: 2 } });
    bench.sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'listing' });
    await expect(bench.producing()).rejects.toThrow(UnauthorizedError);
    expect(await bench.errors()).toEqual([]);
  });
});
