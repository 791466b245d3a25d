import { type Category, type Certainty, certaintyOf, type RuleSetName, type Verdict } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord, type ListingRecord, listingRecord, verdictRecord } from './records.ts';
import { readRules } from './rules-in-force.ts';
import { scanHash } from './scan-hash.ts';

/** One test of the inventory. */
export interface InventoryTest {
  readonly uuid: string;
  readonly listing: ListingRecord;
  readonly verdict: Verdict | null;
  /** How sure the verdict is; null without one. */
  readonly certainty: Certainty | null;
  readonly error: ErrorRecord | null;
}

/** How many tests there are: by rule and category, in errors, without an outcome, with a verdict that is not final. */
export interface Totals {
  readonly tests: number;
  /** Tests without a verdict. */
  readonly undecided: number;
  readonly byCategory: Readonly<Partial<Record<Category, number>>>;
  readonly byRule: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly open: number;
  /** Tests whose verdict is provisional. */
  readonly provisional: number;
  /** From when the first of these is asked about once more, epoch ms; null where there is none. */
  readonly provisionalFrom: number | null;
  /** Tests whose ClassicUT verdict nothing confirms yet. */
  readonly unconfirmed: number;
  /** The rules by which tests are probed. */
  readonly rules: RuleSetName;
}

/** Reads the whole of the checkpoints, for the state files, the summary and whoever asks. */
export class Inventory {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /**
   * A number that grows with every change that shows in the state files; 0 when nothing was ever written. The same number
   * means the same contents, also after Redis has lost its last writes, as long as its clock goes forward.
   */
  async revision(): Promise<number> {
    return (await this.revisions()).revision;
  }

  /** The revision, and the one of the latest change that no outcome tells (`follow`). Both are read at once. */
  async revisions(): Promise<{ readonly revision: number; readonly untold: number }> {
    const { revision, untold } = keysOf(this.#prefix);
    const [last, lastUntold] = await this.#client.mget(revision, untold);
    return { revision: Number(last ?? 0), untold: Number(lastUntold ?? 0) };
  }

  /**
   * All tests in the order of their UUIDs, in pages, so that memory does not grow with the library. While a page is worked
   * on, the next one is on its way.
   */
  async *pages(size = 1000): AsyncGenerator<readonly InventoryTest[]> {
    let next = this.#page('-', size);
    for (;;) {
      const { tests, last } = await next;
      if (last === undefined) return;
      next = this.#page(`(${last}`, size);
      // Whoever stops after this page does not wait for it.
      next.catch(() => undefined);
      yield tests;
    }
  }

  async #page(after: string, size: number): Promise<{ readonly tests: InventoryTest[]; readonly last?: string }> {
    const uuids = await this.#client.zrange(keysOf(this.#prefix).catalogue, after, '+', 'BYLEX', 'LIMIT', 0, size);
    const last = uuids.at(-1);
    return last === undefined ? { tests: [] } : { tests: await this.#read(uuids), last };
  }

  /** One test, or null when it was never seen. */
  async test(uuid: string): Promise<InventoryTest | null> {
    const [test] = await this.#read([uuid]);
    return test ?? null;
  }

  async #read(uuids: readonly string[]): Promise<InventoryTest[]> {
    const keys = keysOf(this.#prefix);
    const [listings, verdicts, errors, unconfirmed] = await Promise.all([
      this.#client.hmget(keys.listing, ...uuids),
      this.#client.hmget(keys.verdicts, ...uuids),
      this.#client.hmget(keys.errors, ...uuids),
      this.#client.smismember(keys.unconfirmed, ...uuids),
    ]);
    return uuids.flatMap((uuid, index) => {
      const listing = listings[index];
      const verdict = verdicts[index] ? verdictRecord.parse(JSON.parse(verdicts[index])) : null;
      const error = errors[index];
      if (!listing) return [];
      return [
        {
          uuid,
          listing: listingRecord.parse(JSON.parse(listing)),
          verdict,
          certainty: verdict && certaintyOf(verdict, unconfirmed[index] === 1),
          error: error ? errorRecord.parse(JSON.parse(error)) : null,
        },
      ];
    });
  }

  /**
   * All errors in the order of their keys (test UUIDs and `workspace:UUID`), in portions: only the keys are held all at
   * once.
   */
  async *errors(size = 500): AsyncGenerator<[key: string, error: ErrorRecord][]> {
    const hash = keysOf(this.#prefix).errors;
    const keys = new Set<string>();
    for await (const portion of scanHash(this.#client, hash)) for (const [key] of portion) keys.add(key);
    const sorted = [...keys].sort();
    for (let from = 0; from < sorted.length; from += size) {
      const portion = sorted.slice(from, from + size);
      const texts = await this.#client.hmget(hash, ...portion);
      yield portion.flatMap((key, index): [string, ErrorRecord][] => {
        const text = texts[index];
        return text ? [[key, errorRecord.parse(JSON.parse(text))]] : [];
      });
    }
  }

  async totals(): Promise<Totals> {
    const keys = keysOf(this.#prefix);
    const [tests, counts, errors, open, provisional, earliest, unconfirmed, rules] = await Promise.all([
      this.#client.zcard(keys.catalogue),
      this.#client.hgetall(keys.counts),
      this.#client.hlen(keys.errors),
      this.#client.hlen(keys.open),
      this.#client.zcard(keys.provisional),
      this.#client.zrange(keys.provisional, '0', '0', 'WITHSCORES'),
      this.#client.scard(keys.unconfirmed),
      readRules({ client: this.#client, prefix: this.#prefix }),
    ]);
    const byCategory: Record<string, number> = {};
    const byRule: Record<string, number> = {};
    for (const [key, count] of Object.entries(counts)) {
      const [category = '', rule = ''] = key.split('|');
      byCategory[category] = (byCategory[category] ?? 0) + Number(count);
      byRule[rule] = (byRule[rule] ?? 0) + Number(count);
    }
    const decided = Object.values(byCategory).reduce((sum, count) => sum + count, 0);
    const undecided = Math.max(0, tests - decided);
    const [, from] = earliest;
    const provisionalFrom = from === undefined ? null : Number(from);
    return { tests, undecided, byCategory, byRule, errors, open, provisional, provisionalFrom, unconfirmed, rules };
  }

  /** UUIDs of the tests that wait for an outcome, in portions. */
  async *open(): AsyncGenerator<readonly string[]> {
    for await (const portion of scanHash(this.#client, keysOf(this.#prefix).open)) yield portion.map(([uuid]) => uuid);
  }

  /** Which of these tests wait for an outcome, and whether they are looked at again, having one already. */
  async stillOpen(uuids: readonly string[]): Promise<{ readonly uuid: string; readonly decided: boolean }[]> {
    if (uuids.length === 0) return [];
    const keys = keysOf(this.#prefix);
    const [open, verdicts] = await Promise.all([
      this.#client.hmget(keys.open, ...uuids),
      this.#client.hmget(keys.verdicts, ...uuids),
    ]);
    return uuids.flatMap((uuid, index) =>
      open[index] === null ? [] : [{ uuid, decided: typeof verdicts[index] === 'string' }],
    );
  }
}
