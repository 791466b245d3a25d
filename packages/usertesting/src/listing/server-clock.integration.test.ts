import { expect, it } from 'vitest';
import { TransientError } from '../errors.ts';
import { answeringServer } from '../http/answering-server.test.ts';
import { readServerClock } from './server-clock.ts';

it.each([-3_600_000, 0, 90_000])('a clock that differs by %i ms is found, from any answer', async (skew) => {
  await using server = await answeringServer((response) => {
    response.writeHead(401, { date: new Date(Date.now() + skew).toUTCString() }).end('{}');
  });
  const found = await readServerClock({ baseUrl: server.url, timeoutMs: 5_000 });
  expect(Math.abs((found ?? Number.NaN) - skew)).toBeLessThan(1_500);
  expect(server.seen[0]?.url).toBe('/usertesting/api/v1/workspaces');
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
});

it('an answer without a date says nothing', async () => {
  await using server = await answeringServer((response) => {
    response.sendDate = false;
    response.end();
  });
  expect(await readServerClock({ baseUrl: server.url, timeoutMs: 5_000 })).toBeNull();
});

it('no answer is a network error that names the address', async () => {
  await expect(readServerClock({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 5_000 })).rejects.toThrow(TransientError);
});
