import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Makes a reading that may hang safe to repeat: whoever asks while one is under way waits for that one, so that
 * nothing piles up behind a Redis that is away, and nobody waits longer than `withinMs`.
 * @returns a reader that gives null when the time is up, and throws what `read` throws
 */
export function patientReader<Result>(read: () => Promise<Result>, withinMs: number): () => Promise<Result | null> {
  let underWay: Promise<Result> | null = null;
  return async () => {
    underWay ??= read().finally(() => {
      underWay = null;
    });
    const done = new AbortController();
    const tooLong = sleep(withinMs, null, { signal: done.signal });
    // One of the two is always left behind, and nobody is to hear of its end.
    for (const left of [underWay, tooLong]) left.catch(() => undefined);
    try {
      return await Promise.race([underWay, tooLong]);
    } finally {
      done.abort();
    }
  };
}
