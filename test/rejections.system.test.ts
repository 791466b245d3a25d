import type { Fault } from '@inventory/sandbox';
import { expect, it } from 'vitest';
import { libraryOf, openSystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const rejections: readonly (readonly [fault: Fault, type: string, status: number])[] = [
  [{ kind: 'status', status: 400 }, 'invalid_pagination_error', 400],
  [{ kind: 'status', status: 403 }, 'unclassified_error', 403],
  [{ kind: 'status', status: 418, body: { hint: ['teapot'] } }, 'unclassified_error', 418],
  [{ kind: 'redirect', status: 301 }, 'unclassified_error', 301],
  [{ kind: 'redirect' }, 'unclassified_error', 302],
  [{ kind: 'redirect', status: 307, location: '/api/v2/elsewhere' }, 'unclassified_error', 307],
];

it.concurrent('a refusal (400, 403, 418, a redirect) is recorded after one request for that test alone, and nobody follows it', async ({
  onTestFinished,
}) => {
  const endpoints = ['sessionResults', 'videoDownloadUrl', 'transcript'] as const;
  const broken = endpoints.flatMap((endpoint) => rejections.map(([fault, ...record]) => ({ endpoint, fault, record })));
  const library = libraryOf(...broken.map(() => 'survey' as const), 'survey', 'interaction (qx)', 'classic');
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library } });
  const { sandbox, tests } = bench;
  for (const [index, { endpoint, fault }] of broken.entries()) {
    sandbox.faults.add({ ...fault, endpoint, testUuid: tests[index]?.uuid });
  }
  expect(await bench.start()).toEndWith({ code: 1 });
  const { errors, utz, classic } = await bench.files();
  expect(Object.keys(errors)).toHaveLength(broken.length);
  for (const [index, { endpoint, record }] of broken.entries()) {
    const uuid = tests[index]?.uuid ?? '';
    const [type, status] = record;
    expect(errors[uuid]).toMatchObject({ type, status, status_code: status, attempts: 1 });
    expect(bench.asked(uuid, endpoint)).toHaveLength(1);
  }
  expect([utz.length, classic.length]).toEqual([2, 1]);
  expect(sandbox.statistics().byEndpoint).not.toHaveProperty('unknown');

  sandbox.faults.clear();
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('of a body that came with a refusal code, error and message are recorded, as at most 2,000 characters of text', async ({
  onTestFinished,
}) => {
  const bodies = [{ code: 7, message: 'no', why: ['a', null] }, 'plain words', { error: 'x'.repeat(5_000) }, ''];
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf(...bodies.map(() => 'survey' as const)) },
  });
  for (const [index, body] of bodies.entries()) {
    const target = { endpoint: 'sessionResults', testUuid: bench.tests[index]?.uuid } as const;
    bench.sandbox.faults.add({ kind: 'status', status: 403, body, ...target });
  }
  expect(await bench.start()).toEndWith({ code: 1 });
  const { errors } = await bench.files();
  expect(bench.tests.map(({ uuid }) => errors[uuid])).toMatchObject([
    { body: { code: '7', message: 'no' } },
    { body: null },
    { body: { error: expect.stringMatching(/^x{1900,2000}$/) } },
    { body: null },
  ]);
});

it.concurrent.for([
  ['that refuses connections', 'http://127.0.0.1:9'],
  ['whose name nobody knows', 'http://nowhere.invalid'],
])(
  'an API %s is a network error, and another worker that reaches it finishes the tests',
  async ([, url = ''], { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('survey', 'classic', 'think-out-loud') },
      settings: { STEP_RETRIES: '0' },
    });
    await bench.launch('producer', ['--all']).ended;
    const worker = bench.launch('worker', [], { API_BASE_URL: url, ALLOW_HTTP: 'yes' });
    await until('three errors', async () => (await bench.redis.hlen(`${bench.prefix}:errors`)) === 3, 60_000);
    expect(await worker.stop()).toEndWith({ code: 0 });
    expect(await bench.launch('exporter', ['--once']).ended).toEndWith({ code: 0 });
    const { errors } = await bench.files();
    for (const error of Object.values(errors)) expect(error).toMatchObject({ type: 'network_error', status: null });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  },
);

it.concurrent.for([
  [{ kind: 'status', status: 500 }, 500],
  [{ kind: 'status', status: 403 }, 403],
] as const)(
  'a workspace that cannot be listed (%j) is recorded, the others go on, and the next start lists it',
  async ([fault, status], { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: { seed: 4, tests: 12, workspaces: 3 } },
    });
    const [, broken] = bench.sandbox.library.workspaces();
    const workspaceUuid = broken?.uuid ?? '';
    bench.sandbox.faults.add({ ...fault, endpoint: 'listing', workspaceUuid });
    expect(await bench.start()).toEndWith({ code: 1 });
    const { utz, classic, errors } = await bench.files();
    expect(errors).toMatchObject({ [`workspace:${workspaceUuid}`]: { type: 'workspace_detail_http_error', status } });
    expect(Object.keys(errors)).toHaveLength(1);
    const others = <Listed extends { workspace_uuid: string }>(all: readonly Listed[]): Listed[] =>
      all.filter(({ workspace_uuid: uuid }) => uuid !== workspaceUuid);
    expect({ utz, classic }).toEqual({ utz: others(bench.expected().utz), classic: others(bench.expected().classic) });

    bench.sandbox.faults.clear();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  },
);
