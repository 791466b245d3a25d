import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';
import { startOwnRedis } from '../../../../test/support/own-redis.ts';
import { until } from '../../../../test/support/until.ts';

test('without Redis the board goes on with what it has, says so, and recovers by itself', async () => {
  const redis = await startOwnRedis(onTestFinished);
  const board = await openTestBoard(onTestFinished, { REDIS_URL: redis.url });
  await board.list([{ uuid: 'a', category: 'survey' }, { uuid: 'b' }]);
  const total = async () => (await board.json('/api/tests')).total;
  await until('the tests are read', async () => (await total()) === 2);
  expect((await board.get('/readyz')).status).toBe(200);

  await redis.kill();
  await until('the board says so', async () => (await board.get('/readyz')).status === 503);
  expect((await board.get('/healthz')).status).toBe(200);
  expect(await total()).toBe(2);
  expect((await board.json('/api/summary')).tests.total).toBe(2);
  expect((await (await board.get('/api/tests?format=ndjson')).text()).split('\n')).toHaveLength(3);
  for (const path of ['/api/tests/a', '/queues/api/queues', '/readyz']) {
    const answer = await board.get(path);
    expect([path, answer.status]).toEqual([path, 503]);
    expect(await answer.json()).toMatchObject({
      status: 503,
      detail: expect.stringContaining('Redis does not answer'),
    });
  }

  await redis.start();
  await until('Redis is back', async () => (await board.get('/readyz')).status === 200);
  await board.checkpoints.test.decide('b', { category: 'survey', rule: 'no-other-data', source: 'probed' });
  await board.list([{ uuid: 'c' }]);
  await until(
    'the board follows again',
    async () => (await total()) === 3 && (await board.json('/api/summary')).tests.decided === 2,
  );
});
