import type { Verdict } from '@inventory/classification';
import type { Keyspace, RedisClient } from '@inventory/redis';
import { keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord, verdictRecord } from './records.ts';

/** An outcome: a verdict or an error. */
export type Outcome =
  | { readonly uuid: string; readonly verdict: Verdict }
  | { readonly uuid: string; readonly error: ErrorRecord };

type Entry = [id: string, fields: string[]];

/** How many outcomes a feed reads at once from each of its streams. */
const portion = 1000;

export interface FollowOptions {
  /** Whether verdicts that listings declare come, too. */
  readonly declared: boolean;
}

/** The outcomes since the feed was opened, whichever process reached them. */
export class OutcomeFeed {
  readonly #client: RedisClient;
  readonly #streams: Map<string, string>;
  readonly #declared: boolean;
  #behind = false;

  private constructor(client: RedisClient, streams: Map<string, string>, { declared }: FollowOptions) {
    this.#client = client;
    this.#streams = streams;
    this.#declared = declared;
  }

  static async open({ client, prefix }: Keyspace, options: FollowOptions): Promise<OutcomeFeed> {
    const { decided, failed } = keysOf(prefix);
    const ends = await Promise.all(
      [decided, failed].map(async (stream): Promise<[string, string]> => {
        const [last] = await client.xrevrange(stream, '+', '-', 'COUNT', 1);
        return [stream, last?.[0] ?? '0'];
      }),
    );
    return new OutcomeFeed(client, new Map(ends), options);
  }

  /** Whether the last call read as many as it could, so that more may be there already. */
  get behind(): boolean {
    return this.#behind;
  }

  /** What has come since the last call, oldest first; the rest at the next call. */
  async read(): Promise<Outcome[]> {
    const answer = await this.#client.xread(
      'COUNT',
      portion,
      'STREAMS',
      ...this.#streams.keys(),
      ...this.#streams.values(),
    );
    this.#behind = false;
    const entries = (answer ?? []).flatMap(([stream, found]) => {
      const last = found.at(-1);
      if (last) this.#streams.set(stream, last[0]);
      this.#behind ||= found.length === portion;
      return found;
    });
    return entries.sort(byTime).flatMap(([, fields]) => this.#outcome(fields));
  }

  #outcome([, uuid, kind, text]: readonly string[]): Outcome[] {
    if (uuid === undefined || text === undefined) return [];
    if (kind !== 'verdict') return [{ uuid, error: errorRecord.parse(JSON.parse(text)) }];
    // There may be tens of thousands a second: looked at before it is read.
    if (!this.#declared && text.includes('"source":"declared"')) return [];
    return [{ uuid, verdict: verdictRecord.parse(JSON.parse(text)) }];
  }
}

function byTime([a]: Entry, [b]: Entry): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
