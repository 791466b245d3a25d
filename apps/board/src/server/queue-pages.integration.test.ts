import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';

test('Bull Board is served below its path, and refers to no other origin', async () => {
  const board = await openTestBoard(onTestFinished);
  const markup = await (await board.get('/queues')).text();
  expect(markup).toContain('<base href="/queues/" />');
  expect(markup).not.toMatch(/(?:href|src)="(?:https?:)?\/\//);
  const files = [...markup.matchAll(/(?:href|src)="(static\/[^"]+)"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) expect((await board.get(`/queues/${file}`)).status).toBe(200);
});

test('the queue can be looked at and not be touched; failures show no stack', async () => {
  const board = await openTestBoard(onTestFinished);
  const { bull } = board.queue;
  const job = await bull.add('test', { testUuid: 'a-test', v: 1 }, { priority: 10 });
  await board.runtime.client.hset(
    bull.toKey(job.id ?? ''),
    'stacktrace',
    JSON.stringify(['Error: no\n    at secret-place.ts']),
  );
  const text = await (
    await board.get('/queues/api/queues?activeQueue=classify&status=prioritized&page=1&jobsPerPage=10')
  ).text();
  expect(JSON.parse(text).queues).toMatchObject([
    { name: 'classify', readOnlyMode: true, counts: { prioritized: 1 }, jobs: [{ data: { testUuid: 'a-test' } }] },
  ]);
  const one = await (await board.get(`/queues/api/queues/classify/${job.id}`)).text();
  expect(one).toContain('a-test');
  expect(text + one).not.toContain('secret-place');
});
