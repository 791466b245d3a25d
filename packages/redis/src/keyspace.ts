import type { RedisClient } from './client.ts';

/** The keys of one account on one Redis: a client, and the prefix (`QUEUE_PREFIX`) that all its keys share. */
export class Keyspace {
  readonly client: RedisClient;
  readonly prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  /** The full key for a name, such as `{classify}:runs` for `runs`. */
  key(name: string): string {
    return `${this.prefix}:${name}`;
  }
}
