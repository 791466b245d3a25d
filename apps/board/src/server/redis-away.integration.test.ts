import { expect, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';
import { type OwnRedis, startOwnRedis } from '../../../../test/support/redis-servers.ts';
import { until } from '../../../../test/support/until.ts';

type Change = (redis: OwnRedis) => Promise<void> | void;
const troubles: readonly (readonly [string, Change, Change])[] = [
  ['killed', (redis) => redis.kill(), (redis) => redis.start()],
  ['frozen', (redis) => redis.freeze(), (redis) => redis.thaw()],
];

test.concurrent.for(troubles)(
  'while Redis is %s the board goes on with what it has, says so, and recovers by itself',
  async ([, trouble, relief], { onTestFinished }) => {
    const redis = await startOwnRedis(onTestFinished);
    const board = await openTestBoard(onTestFinished, { REDIS_URL: redis.url });
    await board.list([{ uuid: 'a', category: 'survey' }, { uuid: 'b' }]);
    const total = async () => (await board.json('/api/tests')).total;
    await until('the tests are read', async () => (await total()) === 2);
    expect((await board.get('/readyz')).status).toBe(200);
    expect((await board.json('/api/summary')).stale).toBe(false);

    await trouble(redis);
    await until('the board says so', async () => (await board.get('/readyz')).status === 503);
    expect((await board.get('/healthz')).status).toBe(200);
    expect(await total()).toBe(2);
    await until('it says that what it has is old', async () => (await board.json('/api/summary')).stale);
    expect((await board.json('/api/summary')).tests.total).toBe(2);
    expect((await (await board.get('/api/tests?format=ndjson')).text()).split('\n')).toHaveLength(3);
    expect(await (await board.get('/metrics')).text()).toMatch(/^inventory_up 0$/m);
    for (const path of ['/api/tests/a', '/queues/api/queues', '/readyz']) {
      const answer = await board.get(path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({
        status: 503,
        detail: expect.stringContaining('Redis does not answer'),
      });
    }

    await relief(redis);
    await until('Redis is back', async () => (await board.get('/readyz')).status === 200);
    await until('what it has is fresh', async () => !(await board.json('/api/summary')).stale);
    await board.checkpoints.test.decide('b', { category: 'survey', rule: 'no-other-data', source: 'probed' });
    await board.list([{ uuid: 'c' }]);
    await until(
      'the board follows again',
      async () => (await total()) === 3 && (await board.json('/api/summary')).tests.classified === 2,
    );
    expect((await board.get('/api/tests/a')).status).toBe(200);
    expect(await (await board.get('/metrics')).text()).toMatch(/^inventory_up 1$/m);
  },
);
