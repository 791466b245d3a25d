import { randomUUID } from 'node:crypto';
import { Checkpoints, type StartedRun } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import { Redis } from 'ioredis';
import { inject } from 'vitest';

/** Checkpoints of their own on the run's real Redis. */
export interface TestCheckpoints extends AsyncDisposable {
  readonly client: Redis;
  readonly prefix: string;
  readonly keyspace: Keyspace;
  readonly checkpoints: Checkpoints;
  /** Starts a run and lists a page of new tests in workspace `w`, so that they are open. */
  open(...uuids: string[]): Promise<StartedRun>;
}

export async function openTestCheckpoints(): Promise<TestCheckpoints> {
  const client = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const prefix = `{${randomUUID()}}`;
  const keyspace = new Keyspace(client, prefix);
  const checkpoints = await Checkpoints.open(keyspace);
  return {
    client,
    prefix,
    keyspace,
    checkpoints,
    async open(...uuids) {
      const run = await checkpoints.runs.start('all');
      const tests = uuids.map((uuid) => ({ uuid, listing: {}, declared: null }));
      const place = { workspace: 'w', position: 0, probe: true };
      await checkpoints.listing.savePage({ run: run.id, joinedAt: run.joinedAt, ...place, tests });
      return run;
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}
