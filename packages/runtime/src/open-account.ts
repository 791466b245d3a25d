import { Pace, TestQueue } from '@inventory/queue';
import { type Listing, openListing } from './open-listing.ts';
import type { Runtime } from './open-runtime.ts';

/** What a process needs to talk to the account: its tokens, its listings, its queue and its pace. */
export interface Account extends Listing {
  readonly pace: Pace;
  readonly queue: TestQueue;
  close(): Promise<void>;
}

/**
 * Opens them; asks nobody anything yet. A new token is written back to the settings file where there is one.
 * @param signal ends listings, and their waiting, at once
 */
export function openAccount(runtime: Runtime, signal?: AbortSignal): Account {
  const { settings, client } = runtime;
  const { tokens, listing } = openListing(runtime, signal);
  const pace = new Pace(client, settings.queuePrefix, settings.requestIntervalMs);
  const queue = new TestQueue(client, settings.queuePrefix, pace);
  return {
    tokens,
    listing,
    pace,
    queue,
    async close() {
      await tokens.stop();
      await queue.close();
    },
  };
}
