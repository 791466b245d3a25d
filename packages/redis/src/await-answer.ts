import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@inventory/logger';
import { connectionTrouble, isHopeless, unavailable } from './connection-trouble.ts';
import type { RedisClient } from './create-client.ts';
import { describeTarget } from './describe-target.ts';
import type { RedisTarget } from './parse-redis-url.ts';

export interface AwaitAnswerOptions {
  readonly client: RedisClient;
  readonly target: RedisTarget;
  /** Milliseconds that Redis has for its first answer; loading its data does not count. */
  readonly withinMs: number;
  readonly logger: Logger;
}

/**
 * Waits for Redis's first answer to PING; as long as it takes while Redis is loading its data.
 * @throws RedisUnavailableError at once when waiting cannot help, else after `withinMs`.
 */
export async function awaitAnswer({ client, target, withinMs, logger }: AwaitAnswerOptions): Promise<void> {
  const failure = firstFailure(client, withinMs);
  let loading = false;
  try {
    for (;;) {
      try {
        await Promise.race([client.ping(), failure.promise]);
        return;
      } catch (error) {
        if (failure.isOver() || isHopeless(error)) throw unavailable(error, target);
        if (connectionTrouble(error) === 'loading') {
          failure.postpone();
          if (!loading) logger.info(`Redis at ${describeTarget(target)} is loading its data: waiting for it.`);
          loading = true;
        }
        await sleep(100);
      }
    }
  } finally {
    failure.stop();
  }
}

/** Rejects on a hopeless error of the connection, or with the last one when the time is up. */
function firstFailure(client: RedisClient, withinMs: number) {
  let last: unknown = new Error('no answer in time');
  let over = false;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  promise.catch(() => undefined);
  const fail = (): void => {
    over = true;
    reject(last);
  };
  const note = (error: unknown): void => {
    last = error;
    if (isHopeless(error)) fail();
  };
  let timer = setTimeout(fail, withinMs);
  client.on('error', note).on('node error', note);
  return {
    promise,
    isOver: () => over,
    postpone: () => {
      clearTimeout(timer);
      timer = setTimeout(fail, withinMs);
    },
    stop: () => {
      clearTimeout(timer);
      // The other listener stays: an error that comes after, while the client is ended, must have one.
      client.off('node error', note);
    },
  };
}
