import { Writable } from 'node:stream';
import { createLogger } from '@inventory/logger';
import { expect, it, onTestFinished } from 'vitest';
import { answeringServer } from '../../../../packages/usertesting/src/http/answering-server.test.ts';
import { openTestAccount } from '../../../../test/support/open-test-account.ts';
import { until } from '../../../../test/support/until.ts';
import type { NotifiedEvent } from './event.ts';
import { Notifier } from './notifier.ts';

const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
const interaction = { category: 'interaction test', rule: 'has-video', source: 'probed' } as const;

type Answer = Parameters<typeof answeringServer>[0];

/** Answers with these statuses first, then with 204. */
const statuses =
  (...first: number[]): Answer =>
  (response, _, nth) =>
    response.writeHead(first[nth] ?? 204).end('taken');

/** An account with a server at its NOTIFY_URL. */
async function notifying(answer: Answer = statuses()) {
  const server = await answeringServer(answer);
  const account = await openTestAccount({
    sandbox: { library: { tests: 3, workspaces: 1, seed: 3 } },
    env: { NOTIFY_URL: `${server.url}/hook-secret/T0KEN`, NOTIFY_SECRET: 'a-signing-secret', ACCOUNT_NAME: 'Acme' },
  });
  onTestFinished(async () => {
    await account[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const log: string[] = [];
  const sink = new Writable({
    write: (line, _, done) => {
      log.push(String(line));
      done();
    },
  });
  const { secrets } = account.runtime;
  const logger = createLogger({ name: 'test', level: 'trace', format: 'json', secrets, sink });
  const runtime = { ...account.runtime, logger };
  const start = (): Notifier => {
    const notifier = Notifier.start({ runtime, lookEveryMs: 20, retryAfterMs: 50, patienceMs: 200 });
    if (notifier === null) throw new Error('it has a NOTIFY_URL');
    onTestFinished(() => notifier.stop());
    return notifier;
  };
  const events = (): NotifiedEvent[] => server.seen.map(({ body }) => JSON.parse(body));
  const { checkpoints } = runtime;
  await checkpoints.import.ensureInUse(async () => undefined);
  const isWatching = () =>
    until('it watches', async () => (await checkpoints.client.hexists(checkpoints.key('notified'), 'ends')) === 1);
  return { account, checkpoints, server, log, start, events, isWatching };
}

type Bench = Awaited<ReturnType<typeof notifying>>;

async function changeType({ checkpoints }: Bench) {
  const [a] = await checkpoints.inventory.records(['a']);
  const before = { rule: survey.rule, at: a?.verdict?.at ?? 0 };
  await checkpoints.known.reclassify({ rules: 'tutorial', run: null }, [{ uuid: 'a', before, verdict: interaction }]);
}

/** A run over two tests, of which one ends in an error. */
async function aRun({ checkpoints }: Bench) {
  const run = await checkpoints.runs.start('all');
  const tests = ['a', 'b'].map((uuid) => ({ uuid, listing: { title: `Title ${uuid}` }, declared: null }));
  const place = { workspace: 'w', position: 0, probe: true };
  await checkpoints.listing.savePage({ run: run.id, joinedAt: run.joinedAt, ...place, tests });
  await checkpoints.runs.markListed(run.id);
  await checkpoints.test.decide('a', survey);
  const failure = { status: 500, status_code: 500, type: 'unclassified_error', error: 'x', attempts: 1 } as const;
  await checkpoints.test.fail('b', { ...failure, body: 'of a participant' });
  await checkpoints.runs.noteVerified(run.id, true);
  return run;
}

it('the end of a run is told once, by one of several processes, with what changed; what was before is not', async () => {
  const bench = await notifying();
  await aRun(bench);
  const notifiers = [bench.start(), bench.start()];
  await bench.isWatching();
  const { id } = await aRun(bench);
  await until('it is told', () => bench.server.seen.length > 0);
  for (const notifier of notifiers) await notifier.stop();
  bench.start();
  const [event, ...more] = bench.events();
  expect(more).toEqual([]);
  expect(event).toMatchObject({ event: 'run_ended', account: 'Acme', title: 'A run has ended: 1 test, 1 error' });
  expect(event?.run).toMatchObject({ id, changes: { new: 0, error_new: 0 } });
  expect(event?.lines[0]).toMatch(/^What changed/);
  const { headers, body } = bench.server.seen[0] ?? { headers: {}, body: '' };
  expect(headers).toMatchObject({ 'webhook-id': event?.id, 'webhook-signature': expect.stringMatching(/^v1,/) });
  expect(body + bench.log.join('')).not.toMatch(/participant|a-signing-secret|T0KEN/);
});

it('an event that did not arrive is sent again with the same id, also by another process', async () => {
  const bench = await notifying(statuses(404, 503));
  const first = bench.start();
  await bench.isWatching();
  await aRun(bench);
  await until('it was refused', () => bench.server.seen.length > 0);
  await first.stop();
  bench.start();
  await until('it is taken', () => bench.server.seen.length > 2);
  const ids = bench.events().map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
  expect(bench.log.join('')).toMatch(/127\.0\.0\.1:\d+ answers 404 \(taken\)/);
});

it('a run that does not go on is told once, and that it goes on again', async () => {
  const bench = await notifying();
  await bench.account.produceAll();
  bench.start();
  await bench.isWatching();
  await bench.account.account.queue.hold('auth');
  await until('it is told', () => bench.server.seen.length > 0);
  expect(bench.events()).toMatchObject([
    { event: 'run_stalled', stall: { reason: 'held', says: expect.stringContaining('refuses new access tokens') } },
  ]);
  await bench.account.account.queue.release('auth');
  const working = { role: 'worker', host: 'h', pid: 1, slots: 1, intervalMs: 0 };
  await bench.account.account.pace.attach('one', working);
  await bench.account.account.pace.permit(0);
  await until('it is told', () => bench.server.seen.length > 1);
  expect(bench.events()[1]).toMatchObject({
    event: 'run_recovered',
    lines: [expect.stringMatching(/^Before: The API/)],
  });
  expect(bench.events()).toHaveLength(2);
});

it('after the clock of Redis was set back, runs that end and types that change are told as before', async () => {
  const bench = await notifying();
  const { client, runs } = bench.checkpoints;
  bench.start();
  await bench.isWatching();
  const { id } = await aRun(bench);
  await until('it is told', () => bench.server.seen.length > 0);
  const ahead = Date.now() + 86_400_000;
  const record = { ...(await runs.read(id)), id: String(ahead), startedAt: ahead, endedAt: ahead };
  await client.hset(bench.checkpoints.key('runs'), record.id, JSON.stringify(record));
  await client.hset(bench.checkpoints.key('notified'), 'types', ahead);
  await until('it is told', () => bench.server.seen.length > 1);
  await aRun(bench);
  await until('it is told', () => bench.server.seen.length > 2);
  await changeType(bench);
  await until('it is told', () => bench.server.seen.length > 3);
  const kinds = ['run_ended', 'run_ended', 'run_ended', 'type_changed'];
  expect(bench.events().map(({ event }) => event)).toEqual(kinds);
});

it('a server that asks to be left alone is, by every process', async () => {
  const bench = await notifying((response) => response.writeHead(429, { 'retry-after': '3000' }).end());
  const { client } = bench.checkpoints;
  const first = bench.start();
  await bench.isWatching();
  await aRun(bench);
  const again = () => client.hget(bench.checkpoints.key('notified'), 'again');
  await until('it is noted', async () => (await again()) !== null);
  await first.stop();
  await bench.start().stop();
  expect(bench.server.seen).toHaveLength(1);
  expect(Number(await again()) - Date.now()).toBeGreaterThan(2_900_000);
});

it('a server that does not answer is not waited for at the end, and the next process tries again at once', async () => {
  const bench = await notifying((response, _, nth) => nth > 0 && response.writeHead(204).end());
  const first = bench.start();
  await bench.isWatching();
  await aRun(bench);
  await until('it is asked', () => bench.server.seen.length > 0);
  await first.stop();
  bench.start();
  await until('it is told', () => bench.server.seen.length > 1);
});

it('an answer that repeats the address leaves nothing of it in the log, and a failure is logged once', async () => {
  const bench = await notifying((response, { url }) => response.writeHead(404).end(`${'x'.repeat(85)} no ${url}`));
  bench.start();
  await bench.isWatching();
  await aRun(bench);
  await until('it was refused twice', () => bench.server.seen.length > 1);
  expect(bench.log.join('')).toMatch(/answers 404 \(x+ no \[secret/);
  expect(bench.log.filter((line) => line.includes('127.0.0.1'))).toHaveLength(1);
});

it('a process that comes back after another one has taken over does not undo what that one has noted', async () => {
  const due = {
    event: { id: 'test:1', event: 'test', at: new Date().toISOString(), title: 'Other', lines: [] },
    noted: {},
  };
  const bench: Bench = await notifying(async (response, _, nth) => {
    const { checkpoints } = bench;
    if (nth === 0) {
      await checkpoints.client.hset(checkpoints.key('notified'), 'due', JSON.stringify(due));
    }
    response.writeHead(204).end();
  });
  bench.start();
  await bench.isWatching();
  await aRun(bench);
  await until('the event of the other one is told', () => bench.server.seen.length > 1);
  expect(bench.events()[1]).toMatchObject({ id: 'test:1' });
});

it('types that changed are told together', async () => {
  const bench = await notifying();
  await aRun(bench);
  bench.start();
  await bench.isWatching();
  await changeType(bench);
  await until('it is told', () => bench.server.seen.length > 0);
  expect(bench.events()).toMatchObject([
    {
      event: 'type_changed',
      title: '1 test has another type',
      lines: ['Title a (a): survey → interaction test (video available)'],
      changes: [{ test_uuid: 'a', from: 'survey', to: 'interaction test' }],
    },
  ]);
});
