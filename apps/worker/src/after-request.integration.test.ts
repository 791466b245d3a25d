import { setTimeout as sleep } from 'node:timers/promises';
import { streakLimit } from '@inventory/checkpoints';
import { readPaceStatus } from '@inventory/queue';
import type { Fault } from '@inventory/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { openCircuit } from '../../../test/support/open-circuit.ts';
import { type ActivationBench, activationBench } from './activation-bench.test.ts';

let bench: ActivationBench;
const open = async (...args: Parameters<typeof activationBench>): Promise<void> => {
  bench = await activationBench(...args);
};
afterEach(() => bench[Symbol.asyncDispose]());

describe('transient failures are tried again, then recorded', () => {
  const cases: [name: string, given: Fault, expected: object][] = [
    ...[500, 502, 503, 504, 599, 408, 425].map((status): [string, Fault, object] => [
      String(status),
      { kind: 'status', status, body: { code: 'X' } },
      { type: 'unclassified_error', status, status_code: status, body: { code: 'X' } },
    ]),
    ['reset', { kind: 'reset' }, { type: 'network_error', body: null }],
    ['reset in the body', { kind: 'reset-in-body' }, { type: 'network_error', body: null }],
    ['cut body', { kind: 'cut-body' }, { type: 'network_error', body: null }],
    ['no answer', { kind: 'hang' }, { type: 'network_error', status: null, body: null }],
    ['no JSON', { kind: 'not-json' }, { type: 'invalid_response', status: 200 }],
    ['other JSON', { kind: 'wrong-shape', body: { sessions: 'none' } }, { type: 'invalid_response', status: 200 }],
    ['JSON null', { kind: 'wrong-shape', body: null }, { type: 'invalid_response', status: 200 }],
  ];

  it.each(cases)('%s', async (_name, given, expected) => {
    await open('survey', { env: { REQUEST_TIMEOUT_MS: '300' } });
    bench.fault(given);
    const first = await bench.activation();
    expect(first).toMatchObject({ next: 'later' });
    if (first.next === 'later') expect(first.delayMs).toBeLessThanOrEqual(1000);
    expect(await bench.triesOf('sessions')).toBe(1);
    expect(await bench.errorOf()).toBeUndefined();
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.errorOf()).toMatchObject({ ...expected, attempts: 2 });
    expect(bench.sent()).toBe(2);
    expect(await bench.verdictOf()).toBeUndefined();
  });

  it.each<[string, Fault, object]>([
    [
      '500',
      { kind: 'status', status: 500, body: { secret: 'a transcript' } },
      { type: 'unclassified_error', status: 500 },
    ],
    ['reset', { kind: 'reset' }, { type: 'network_error', status: null }],
  ])('%s of a media probe, whose body is never kept', async (_name, given, expected) => {
    await open();
    bench.fault({ ...given, endpoint: 'videoDownloadUrl' });
    expect(await bench.untilTheEnd()).toBe(3);
    expect(await bench.errorOf()).toMatchObject({ ...expected, body: null, attempts: 2 });
  });

  it('tries are counted by step: each step has all of them', async () => {
    await open();
    for (const endpoint of ['sessionResults', 'videoDownloadUrl', 'qxScores', 'transcript'] as const) {
      bench.fault({ kind: 'status', status: 503, endpoint, count: 1 });
    }
    expect(await bench.untilTheEnd()).toBe(8);
    expect(await bench.verdictOf()).toBe('survey');
    expect(await bench.errorOf()).toBeUndefined();
    expect(bench.requests()).toEqual({ sessionResults: 2, videoDownloadUrl: 2, qxScores: 2, transcript: 2 });
  });
});

describe('what another try cannot help is recorded at once', () => {
  it.each([
    [400, 'invalid_pagination_error'],
    [403, 'unclassified_error'],
    [302, 'unclassified_error'],
    [410, 'unclassified_error'],
    [418, 'unclassified_error'],
    [204, 'unclassified_error'],
  ])('%d as %s', async (status, type) => {
    await open();
    bench.fault({ kind: 'status', status, ...(status !== 204 && { body: 'no' }) });
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.errorOf()).toMatchObject({ type, status, status_code: status, attempts: 1 });
    expect(bench.sent()).toBe(1);
  });

  it('a secret that the API repeats is not kept', async () => {
    await open();
    const token = await bench.account.tokens.current();
    bench.fault({
      kind: 'status',
      status: 403,
      body: { message: `you sent ${token.accessToken}`, error: bench.sandbox.clientSecret },
    });
    await bench.activation();
    const kept = JSON.stringify(await bench.errorOf());
    expect(kept).toContain('you sent [secret]');
    expect(kept).not.toContain(token.accessToken);
    expect(kept).not.toContain(bench.sandbox.clientSecret);
  });
});

describe('429', () => {
  const seconds = (text: string): Fault => ({ kind: 'throttle', retryAfter: text, count: 1 });
  const inSeconds = (ahead: number) => new Date(Date.now() + ahead * 1000).toUTCString();

  it.each<[string, () => Fault, number, number]>([
    ['Retry-After in seconds', () => seconds('7'), 6_500, 7_000],
    ['Retry-After as a date', () => seconds(inSeconds(9)), 7_000, 9_000],
    ['Retry-After in the past', () => seconds(inSeconds(-60)), -2, 1],
    ['Retry-After of 0', () => seconds('0'), -2, 1],
    ['a Retry-After of days', () => seconds('9999999'), 3_599_000, 3_600_000],
    ['a nonsense Retry-After', () => seconds('soon'), 59_000, 60_000],
    ['no Retry-After', () => ({ kind: 'throttle', retryAfter: null, count: 1 }), 59_000, 60_000],
    [
      'x-ratelimit-reset only',
      () => ({ kind: 'status', status: 429, headers: { 'x-ratelimit-reset': '12' }, count: 1 }),
      11_000,
      12_000,
    ],
  ])('with %s stops everybody that long and is not a failed try', async (_form, given, least, most) => {
    await open();
    bench.fault(given());
    expect(await bench.activation()).toEqual({ next: 'again' });
    const left = await bench.limiterLeft();
    expect(left).toBeGreaterThanOrEqual(least);
    expect(left).toBeLessThanOrEqual(most);
    expect(await bench.triesOf('sessions')).toBe(0);
    expect(await bench.errorOf()).toBeUndefined();
    if (left > 1000) {
      expect(await bench.activation()).toEqual({ next: 'again' });
      expect(bench.sent()).toBe(1);
      const { pause } = await readPaceStatus(bench.runtime.keyspace);
      expect(pause).toMatchObject({ cause: 'refused' });
    }
  });

  const endPause = async () => {
    await bench.runtime.client.del(`${bench.prefix}:classify:limiter`);
    await bench.runtime.client.hset(`${bench.prefix}:pause`, 'until', Date.now() - 1);
  };
  const streak = () => bench.runtime.client.hget(`${bench.prefix}:pause`, 'streak');

  it.each<[string, Fault[]]>([
    ['an answer', []],
    ['a 403', [{ kind: 'status', status: 403 }]],
    ['a 500', [{ kind: 'status', status: 500 }]],
  ])('a streak of them ends with %s', async (_what, faults) => {
    await open();
    bench.fault({ kind: 'throttle', retryAfter: null, count: 1 });
    await bench.activation();
    await endPause();
    expect(await streak()).toBe('1');
    for (const given of faults) bench.fault(given);
    await bench.activation();
    expect(await streak()).toBeNull();
  });

  it('for a whole hour is recorded for the test that was asked about', async () => {
    await open();
    bench.fault({ kind: 'throttle', retryAfter: '60' });
    expect(await bench.activation({ refusalLimitMs: 50 })).toEqual({ next: 'again' });
    await endPause();
    await sleep(60);
    expect(await bench.activation({ refusalLimitMs: 50 })).toEqual({ next: 'finish' });
    expect(await bench.errorOf()).toMatchObject({ type: 'rate_limited_then_failed', status: 429, attempts: 1 });
  });

  it('is not counted when an answer comes after the pause', async () => {
    await open();
    bench.fault({ kind: 'throttle', retryAfter: '1', count: 1 });
    await bench.activation();
    await endPause();
    expect(await bench.untilTheEnd()).toBe(4);
    expect(await bench.verdictOf()).toBe('survey');
  });
});

describe('in an outage', () => {
  /** Lets the request be the one that finds out whether the API answers again. */
  async function probing(): Promise<void> {
    const { checkpoints, client } = bench.runtime;
    await openCircuit(checkpoints, { nextInMs: 0 });
    await client.del(`${bench.prefix}:classify:limiter`);
  }
  const isOpen = async () => (await readPaceStatus(bench.runtime.keyspace)).circuit !== null;

  it('any answer of the API ends it, also one that is recorded', async () => {
    await open();
    bench.fault({ kind: 'status', status: 403 });
    await probing();
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await isOpen()).toBe(false);
  });

  it('an answer that is not the API’s does not end it, and counts: the second one is recorded', async () => {
    await open();
    bench.fault({ kind: 'status', status: 404, body: '<html>' });
    await probing();
    expect(await bench.activation()).toMatchObject({ next: 'later' });
    await probing();
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.errorOf()).toMatchObject({ type: 'invalid_response', status: 404, attempts: 2 });
    expect(await isOpen()).toBe(true);
  });

  it('a test is asked about itself, however many ClassicUT tests were before it: no control has to be known first', async () => {
    await open('classic');
    const { client } = bench.runtime;
    const before = Array.from({ length: streakLimit }, (_, number) => [`t${number}`, '']);
    await client.hset(`${bench.prefix}:streak`, Object.fromEntries(before));
    await client.zadd(`${bench.prefix}:controls`, Date.now(), 'control');
    await probing();
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.verdictOf()).toBe('ClassicUT');
    expect(await isOpen()).toBe(false);
  });
});

describe('401', () => {
  it('of a token that was revoked gets one new token, and is not a failed try', async () => {
    await open();
    bench.sandbox.revokeTokens();
    const before = bench.sandbox.tokensIssued();
    expect(await bench.activation()).toEqual({ next: 'again' });
    expect(await bench.triesOf('sessions')).toBe(0);
    expect(await bench.untilTheEnd()).toBe(4);
    expect(bench.sandbox.tokensIssued()).toBe(before + 1);
    expect(bench.sent()).toBe(5);
    expect(await bench.account.queue.held()).toBeNull();
  });

  it('for several requests at once gets one new token', async () => {
    await open();
    bench.sandbox.setLatency(100);
    bench.sandbox.revokeTokens();
    const before = bench.sandbox.tokensIssued();
    const all = await Promise.all([bench.activation(), bench.activation(), bench.activation()]);
    expect(all.map(({ next }) => next)).toEqual(['again', 'again', 'again']);
    expect(bench.sandbox.tokensIssued()).toBe(before + 1);
  });

  it('with two fresh tokens in a row holds the queue and is recorded', async () => {
    await open();
    bench.fault({ kind: 'status', status: 401, endpoint: 'results' });
    const count = await bench.untilTheEnd();
    expect(count).toBeLessThanOrEqual(3);
    expect(await bench.account.queue.held()).toBe('auth');
    expect(await bench.account.queue.bull.isPaused()).toBe(true);
    expect(await bench.errorOf()).toMatchObject({ type: 'auth_error', status: 401, attempts: 1 });
    expect(bench.context.giveUp).not.toHaveBeenCalled();
  });
});

it('a body in which a secret is a part of a number is recorded', async () => {
  await open('survey', { env: { BOARD_PASSWORD: '12345678' } });
  bench.fault({ kind: 'status', status: 403, body: { requestTime: 1234567890, message: 'x12345678' } });
  expect(await bench.activation()).toEqual({ next: 'finish' });
  expect(await bench.errorOf()).toMatchObject({ body: { message: 'x[secret]' } });
});
