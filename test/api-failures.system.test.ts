import type { Fault, TestKind } from '@inventory/sandbox';
import { describe, it } from 'vitest';
import { libraryOf, openSystemBench } from './support/system-bench.ts';

/** What can happen to the first question about a test, and what is recorded when it goes on happening. */
const failures: readonly (readonly [what: string, fault: Fault, record: { type: string; status: number | null }])[] = [
  ...[500, 502, 503, 408, 425].map(
    (status) => [`status ${status}`, { kind: 'status', status }, { type: 'unclassified_error', status }] as const,
  ),
  ['a reset before the body', { kind: 'reset' }, { type: 'network_error', status: null }],
  ['a reset in the body', { kind: 'reset-in-body' }, { type: 'network_error', status: 200 }],
  ['a body cut off', { kind: 'cut-body' }, { type: 'network_error', status: 200 }],
  ['no answer at all', { kind: 'hang' }, { type: 'network_error', status: null }],
  ['a body that is not JSON', { kind: 'not-json' }, { type: 'invalid_response', status: 200 }],
  [
    'a body of another shape',
    { kind: 'wrong-shape', body: { sessions: 'many' } },
    { type: 'invalid_response', status: 200 },
  ],
];

/** What can happen to a question about recordings, scores or transcripts; the answer would be a 404. */
const mediaFailures: readonly (readonly [fault: Fault, record: { type: string; status: number | null }])[] = [
  [
    { kind: 'status', status: 503 },
    { type: 'unclassified_error', status: 503 },
  ],
  [{ kind: 'reset' }, { type: 'network_error', status: null }],
  [{ kind: 'reset-in-body' }, { type: 'network_error', status: 404 }],
  [{ kind: 'cut-body' }, { type: 'network_error', status: 404 }],
  [{ kind: 'hang' }, { type: 'network_error', status: null }],
];
const mediaEndpoints = ['videoDownloadUrl', 'qxScores', 'transcript'] as const;

/** Of every kind, so that a failure that is taken for an answer shows. */
const kinds: readonly TestKind[] = [
  'survey',
  'think-out-loud',
  'interaction (qx)',
  'interaction (video)',
  'no-sessions',
];
const settings = { REQUEST_TIMEOUT_MS: '4000', STEP_RETRIES: '1' };

/** Tests that fail, with so many others behind each, and behind all, that answers come between their failures. */
const apart = (broken: readonly TestKind[], others = 5): TestKind[] => {
  const quiet = (count: number): TestKind[] => Array.from({ length: count }, () => 'no-sessions');
  return [...broken.flatMap((kind) => [kind, ...quiet(others)]), ...quiet(60)];
};
const slowly = { ...settings, REQUEST_INTERVAL_MS: '50', REQUEST_TIMEOUT_MS: '2000' };

describe.concurrent('a failure that passes', () => {
  it.concurrent('costs one more request and decides nothing, whatever its kind', async ({ expect, onTestFinished }) => {
    const cases = failures.flatMap(([what, fault]) => kinds.map((kind) => ({ what, fault, kind })));
    // One answer between two failures: five of them in a row would be an outage.
    const all = apart(
      cases.map(({ kind }) => kind),
      1,
    );
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...all) },
      settings,
    });
    const { sandbox } = bench;
    const tests = bench.tests.filter((_, index) => index % 2 === 0);
    for (const [index, { fault }] of cases.entries()) {
      sandbox.faults.add({ ...fault, testUuid: tests[index]?.uuid, endpoint: 'sessionResults', count: 1 });
    }
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const answered = bench.asked().filter(({ faultId }) => faultId === null);
    for (const [index, { what }] of cases.entries()) {
      const failed = bench.asked(tests[index]?.uuid).filter(({ faultId }) => faultId !== null);
      expect(failed, what).toHaveLength(1);
    }
    expect(new Set(answered.map(({ path }) => path)).size).toBe(bench.least());
    // Five failures in a row are an outage, in which a control may be asked in the place of a test that failed.
    expect(answered.length - bench.least()).toBeLessThanOrEqual(cases.length / 5);
  });

  it.concurrent('at any step, to any request, of all kinds at once, ends in the right files and exit 0', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: { seed: 5, tests: 60, workspaces: 3, sharedTests: 2 } },
      settings: { REQUEST_TIMEOUT_MS: '4000', STEP_RETRIES: '5' },
    });
    const { faults } = bench.sandbox;
    // Rare enough that answers come between them: a row of them would be an outage.
    for (const [, fault] of failures) faults.add({ ...fault, endpoint: 'sessionResults', count: 2, probability: 0.04 });
    for (const endpoint of mediaEndpoints) {
      for (const [fault] of mediaFailures) faults.add({ ...fault, endpoint, count: 1, probability: 0.1 });
    }
    faults.add({ kind: 'throttle', retryAfter: '1', endpoint: 'results', skip: 9, count: 2 });
    faults.add({ kind: 'status', status: 401, endpoint: 'results', skip: 20, count: 1 });
    faults.add({ kind: 'hang', endpoint: 'workspaces', count: 1 });
    faults.add({ kind: 'status', status: 503, endpoint: 'token', count: 1 });
    for (const kind of ['reset', 'cut-body', 'not-json'] as const) faults.add({ kind, endpoint: 'listing', count: 1 });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const answered = bench.asked().filter(({ faultId }) => faultId === null);
    expect(new Set(answered.map(({ path }) => path)).size, 'no answered question is asked again').toBe(answered.length);
    expect(bench.asked().length - answered.length).toBeGreaterThan(8);
  });
});

describe.concurrent('a failure that stays', () => {
  it.concurrent('is recorded with its cause for that test alone, after STEP_RETRIES more requests; the next start after the repair finishes it', async ({
    expect,
    onTestFinished,
  }) => {
    const all = apart([...failures.map(() => 'survey' as const), ...kinds]);
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...all) },
      settings: slowly,
    });
    const { sandbox, tests } = bench;
    const broken = failures.map(([, fault, record], index) => ({ fault, record, uuid: tests[index * 6]?.uuid ?? '' }));
    for (const { uuid, fault } of broken) sandbox.faults.add({ ...fault, testUuid: uuid, endpoint: 'sessionResults' });

    const first = await bench.start();
    expect(first).toEndWith({ code: 1 });
    expect(first.stdout).toContain(`[WARN] errors.json contains ${broken.length} record(s)`);
    const { utz, classic, errors } = await bench.files();
    expect(Object.keys(errors).sort()).toEqual(broken.map(({ uuid }) => uuid).sort());
    for (const { uuid, record } of broken) {
      expect(errors[uuid]).toMatchObject({ ...record, status_code: record.status, attempts: 2 });
      expect(bench.asked(uuid)).toHaveLength(2);
    }
    const whole = bench.expected();
    expect(utz).toEqual(whole.utz.filter(({ test_uuid: uuid }) => !(uuid in errors)));
    expect(classic).toEqual(whole.classic);

    sandbox.faults.clear();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...whole, errors: {} });
    const lookedAtAgain = all.filter((kind) => kind === 'no-sessions').length;
    expect(bench.asked().filter(({ faultId }) => faultId === null)).toHaveLength(bench.least() + lookedAtAgain);
  });

  it.concurrent('at a later step keeps what is known, and is never taken for an answer', async ({
    expect,
    onTestFinished,
  }) => {
    const broken = mediaEndpoints.flatMap((endpoint) =>
      mediaFailures.map(([fault, record]) => ({ endpoint, fault, record })),
    );
    const all = apart(
      broken.map(() => 'survey' as const),
      9,
    );
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...all) },
      settings: { ...slowly, STEP_RETRIES: '2' },
    });
    const { sandbox } = bench;
    const tests = bench.tests.filter(({ kind }) => kind === 'survey');
    for (const [index, { fault, endpoint }] of broken.entries()) {
      sandbox.faults.add({ ...fault, endpoint, testUuid: tests[index]?.uuid });
    }

    expect(await bench.start()).toEndWith({ code: 1 });
    const { utz, errors } = await bench.files();
    expect(utz.filter(({ test_type: type }) => type !== undefined)).toEqual([]);
    for (const [index, { endpoint, record }] of broken.entries()) {
      const uuid = tests[index]?.uuid ?? '';
      expect(errors[uuid]).toMatchObject({ ...record, attempts: 3, body: null });
      expect(bench.asked(uuid, endpoint)).toHaveLength(3);
    }

    sandbox.faults.clear();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const lookedAtAgain = all.length - broken.length;
    expect(bench.asked().filter(({ faultId }) => faultId === null)).toHaveLength(bench.least() + lookedAtAgain);
  });
});
