import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@inventory/logger';
import { type IndexKeeper, staleAfterMs } from './index-keeper.ts';

export interface WatchOptions {
  readonly keeper: IndexKeeper;
  readonly logger: Logger;
  /** Time between two looks, ms. */
  readonly lookEveryMs: number;
  readonly signal: AbortSignal;
}

/**
 * Keeps the index up to date until the signal. While Redis is away a look waits for it, so it goes on by itself, and
 * that is logged; a look that fails is logged once and tried again.
 */
export async function watchInventory({ keeper, logger, lookEveryMs, signal }: WatchOptions): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    const late = setTimeout(
      () => logger.warn('Redis does not answer; what was read before stays in use'),
      staleAfterMs,
    );
    const message = await keeper.look(logger, signal).then(
      () => '',
      (error: Error) => error.message,
    );
    clearTimeout(late);
    if (message !== failure && message !== '' && !signal.aborted) {
      logger.warn({ reason: message }, 'the checkpoints could not be read; what was read before stays in use');
    }
    failure = message;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
