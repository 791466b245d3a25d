import type { RedisClient } from '@inventory/redis';
import { Controls } from './controls.ts';
import { SchemaVersionError } from './errors.ts';
import { ImportCheckpoint } from './import-checkpoint.ts';
import { Inventory } from './inventory.ts';
import { keysOf } from './keys.ts';
import { ListingCheckpoint } from './listing-checkpoint.ts';
import { OutcomeFeed } from './outcome-feed.ts';
import { Runs } from './runs.ts';
import { schemaVersion } from './schema-version.ts';
import { TestCheckpoint } from './test-checkpoint.ts';

/** Everything that is written down about one account, by who uses it. */
export interface Checkpoints {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly runs: Runs;
  readonly listing: ListingCheckpoint;
  readonly test: TestCheckpoint;
  readonly controls: Controls;
  readonly inventory: Inventory;
  readonly import: ImportCheckpoint;
  /** Opens a feed of the outcomes that fall from now on. */
  follow(): Promise<OutcomeFeed>;
}

/**
 * The checkpoints under a prefix. They need not exist yet.
 * @throws SchemaVersionError when another version's layout is there.
 */
export async function openCheckpoints(client: RedisClient, prefix: string): Promise<Checkpoints> {
  const found = await client.get(keysOf(prefix).schema);
  if (found !== null && found !== schemaVersion) throw new SchemaVersionError(found, schemaVersion, prefix);
  return {
    client,
    prefix,
    runs: new Runs(client, prefix),
    listing: new ListingCheckpoint(client, prefix),
    test: new TestCheckpoint(client, prefix),
    controls: new Controls(client, prefix),
    inventory: new Inventory(client, prefix),
    import: new ImportCheckpoint(client, prefix),
    follow: () => OutcomeFeed.open(client, prefix),
  };
}
