import type { Verdict } from '@inventory/classification';
import type { Keyspace, RedisClient } from '@inventory/redis';
import { keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord, verdictRecord } from './records.ts';

/** An outcome: a verdict or an error. */
export type Outcome =
  | { readonly uuid: string; readonly verdict: Verdict }
  | { readonly uuid: string; readonly error: ErrorRecord };

type Entry = [id: string, fields: string[]];

/** How many outcomes a feed reads at once from each of its streams. When as many came, more may be there already. */
export const fullRead = 1000;

/** The outcomes since the feed was opened, whichever process reached them. */
export class OutcomeFeed {
  readonly #client: RedisClient;
  readonly #streams: Map<string, string>;

  private constructor(client: RedisClient, streams: Map<string, string>) {
    this.#client = client;
    this.#streams = streams;
  }

  static async open({ client, prefix }: Keyspace): Promise<OutcomeFeed> {
    const { decided, failed } = keysOf(prefix);
    const ends = await Promise.all(
      [decided, failed].map(async (stream): Promise<[string, string]> => {
        const [last] = await client.xrevrange(stream, '+', '-', 'COUNT', 1);
        return [stream, last?.[0] ?? '0'];
      }),
    );
    return new OutcomeFeed(client, new Map(ends));
  }

  /** What has come since the last call, oldest first; the rest at the next call. */
  async read(): Promise<Outcome[]> {
    const answer = await this.#client.xread(
      'COUNT',
      fullRead,
      'STREAMS',
      ...this.#streams.keys(),
      ...this.#streams.values(),
    );
    const entries = (answer ?? []).flatMap(([stream, found]) => {
      const last = found.at(-1);
      if (last) this.#streams.set(stream, last[0]);
      return found;
    });
    return entries.sort(byTime).flatMap(([, fields]) => readOutcome(fields));
  }
}

function byTime([a]: Entry, [b]: Entry): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}

function readOutcome(fields: readonly string[]): Outcome[] {
  const [, uuid, kind, text] = fields;
  if (uuid === undefined || text === undefined) return [];
  return kind === 'verdict'
    ? [{ uuid, verdict: verdictRecord.parse(JSON.parse(text)) }]
    : [{ uuid, error: errorRecord.parse(JSON.parse(text)) }];
}
