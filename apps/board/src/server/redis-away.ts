import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@inventory/redis';
import type { Context, MiddlewareHandler } from 'hono';
import { problem } from '../api/problem.ts';

/** Redis does not answer in time. The board answers with 503. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';

  constructor() {
    super('Redis does not answer.');
  }
}

/** The result of `work`, or null when it takes longer than `ms`. @throws what `work` throws in that time */
export async function upTo<Result>(ms: number, work: Promise<Result>): Promise<Result | null> {
  const done = new AbortController();
  const late = sleep(ms, null, { signal: done.signal });
  // One of the two is left behind; its end is of no interest.
  for (const left of [work, late]) left.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

const redisPatience = 3_000;

/**
 * What Redis answers, if it does in time: a client whose connection is down keeps commands waiting forever.
 * @param ask sends the commands; not called while the connection is down, so that nothing piles up
 * @param patience how long that may take, ms; three seconds unless given
 * @throws RedisAwayError
 */
export async function withinTime<Answer>(
  client: RedisClient,
  ask: () => Promise<Answer>,
  patience = redisPatience,
): Promise<Answer> {
  if (client.status !== 'ready') throw new RedisAwayError();
  const answered = await upTo(
    patience,
    ask().then((answer) => ({ answer })),
  );
  if (answered === null) throw new RedisAwayError();
  return answered.answer;
}

/** Gives Redis three seconds for a request. @throws RedisAwayError */
export function redisGuard(client: RedisClient): MiddlewareHandler {
  return (_, next) => withinTime(client, next);
}

/** `GET /readyz`: whether Redis answers. @throws RedisAwayError */
export function readyRoute(client: RedisClient): (context: Context) => Promise<Response> {
  return async (context) => {
    await withinTime(client, () => client.ping());
    return context.json({ status: 'ready' });
  };
}

const loadPatience = 5_000;

/** Makes requests wait until all tests have been read for the first time, for five seconds at most. */
export function untilLoaded(loaded: Promise<void>): MiddlewareHandler {
  return async (context, next) => {
    const done = await upTo(
      loadPatience,
      loaded.then(() => true),
    );
    return done ? next() : problem(context, 503, 'The tests are being read for the first time; ask again shortly.');
  };
}
