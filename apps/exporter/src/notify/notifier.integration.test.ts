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

/** An account with a server at its NOTIFY_URL. @param statuses what the server answers first; then 204 */
async function notifying(...statuses: number[]) {
  const server = await answeringServer((response, _, nth) => response.writeHead(statuses[nth] ?? 204).end('taken'));
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
    const notifier = Notifier.start({ runtime, lookEveryMs: 20, retryAfterMs: 50 });
    if (notifier === null) throw new Error('it has a NOTIFY_URL');
    onTestFinished(() => notifier.stop());
    return notifier;
  };
  const events = (): NotifiedEvent[] => server.seen.map(({ body }) => JSON.parse(body));
  const { checkpoints } = runtime;
  await checkpoints.import.ensureInUse(async () => undefined);
  const isWatching = () =>
    until('it watches', async () => (await checkpoints.client.hexists(checkpoints.key('notified'), 'ended')) === 1);
  return { account, checkpoints, server, log, start, events, isWatching };
}

/** A run over two tests, of which one ends in an error. */
async function aRun({ checkpoints }: Pick<Awaited<ReturnType<typeof notifying>>, 'checkpoints'>) {
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
  const bench = await notifying(404, 503);
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

it('types that changed are told together', async () => {
  const bench = await notifying();
  await aRun(bench);
  bench.start();
  await bench.isWatching();
  const [a] = await bench.checkpoints.inventory.records(['a']);
  const before = { rule: survey.rule, at: a?.verdict?.at ?? 0 };
  await bench.checkpoints.known.reclassify({ rules: 'tutorial', run: null }, [
    { uuid: 'a', before, verdict: interaction },
  ]);
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
