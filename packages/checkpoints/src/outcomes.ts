import type { Verdict } from '@inventory/classification';
import type { Keyspace, RedisClient } from '@inventory/redis';
import { type KeyName, keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord, verdictRecord } from './records.ts';

/** An outcome: a verdict or an error, and the runs that waited for it; missing where none did, or that is not known. */
export type Outcome = { readonly uuid: string; readonly runs?: readonly string[] } & (
  | { readonly verdict: Verdict }
  | { readonly error: ErrorRecord }
);

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
  readonly #keys: Readonly<Record<KeyName, string>>;
  readonly #declared: boolean;
  /** The ids up to which the streams have been read. */
  readonly #readTo = { decided: '0', failed: '0' };
  #lastDecided: string | null = null;
  #behind = false;

  private constructor({ client, prefix }: Keyspace, { declared }: FollowOptions) {
    this.#client = client;
    this.#keys = keysOf(prefix);
    this.#declared = declared;
  }

  static async open(keyspace: Keyspace, options: FollowOptions): Promise<OutcomeFeed> {
    const feed = new OutcomeFeed(keyspace, options);
    const [decided, failed] = await Promise.all([feed.#endOf('decided'), feed.#endOf('failed')]);
    Object.assign(feed.#readTo, { decided, failed });
    return feed;
  }

  /** Whether the last call read as many as it could, so that more may be there already. */
  get behind(): boolean {
    return this.#behind;
  }

  /** What has come since the last call, oldest first; the rest at the next call. */
  async read(): Promise<Outcome[]> {
    if (!this.#declared && !this.#behind) await this.#skipDeclared();
    const { decided, failed } = this.#keys;
    const ids = [this.#readTo.decided, this.#readTo.failed];
    const answer = await this.#client.xread('COUNT', portion, 'STREAMS', decided, failed, ...ids);
    this.#behind = false;
    const entries = (answer ?? []).flatMap(([stream, found]) => {
      const last = found.at(-1);
      if (last) this.#readTo[stream === decided ? 'decided' : 'failed'] = last[0];
      this.#behind ||= found.length === portion;
      return found;
    });
    return entries.sort(byTime).flatMap(([, fields]) => this.#outcome(fields));
  }

  /** Goes past what listings have declared about new tests, where nothing else has come. */
  async #skipDeclared(): Promise<void> {
    // Redis answers in this order, so nothing else is before the end that is gone to.
    const [end, last] = await Promise.all([this.#endOf('decided'), this.#client.get(this.#keys.lastDecided)]);
    if (last === this.#lastDecided) this.#readTo.decided = end;
    this.#lastDecided = last;
  }

  async #endOf(stream: 'decided' | 'failed'): Promise<string> {
    const [last] = await this.#client.xrevrange(this.#keys[stream], '+', '-', 'COUNT', 1);
    return last?.[0] ?? '0';
  }

  #outcome([, uuid, kind, text, , ids]: readonly string[]): Outcome[] {
    if (uuid === undefined || text === undefined) return [];
    const test = { uuid, ...(ids !== undefined && { runs: ids.split(',') }) };
    if (kind !== 'verdict') return [{ ...test, error: errorRecord.parse(JSON.parse(text)) }];
    // There may be tens of thousands a second: looked at before it is read.
    if (!this.#declared && text.includes('"source":"declared"')) return [];
    return [{ ...test, verdict: verdictRecord.parse(JSON.parse(text)) }];
  }
}

function byTime([a]: Entry, [b]: Entry): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
