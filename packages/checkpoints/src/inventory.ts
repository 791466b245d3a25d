import { type Category, type Certainty, certaintyOf, type RuleSetName, type Verdict } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { CheckpointPart } from './keys.ts';
import {
  answersOf,
  type ErrorRecord,
  errorRecord,
  type KnownAnswers,
  type ListingRecord,
  listingRecord,
  parsed,
  rulesOf,
  verdictRecord,
} from './records.ts';

/** One test of the inventory. */
export interface InventoryTest {
  readonly uuid: string;
  readonly listing: ListingRecord;
  readonly verdict: Verdict | null;
  /** How sure the verdict is; null without one. */
  readonly certainty: Certainty | null;
  readonly error: ErrorRecord | null;
}

/** Everything that is stored about one test; all empty for one that was never seen. */
export interface TestRecord extends Omit<InventoryTest, 'listing'>, KnownAnswers {
  readonly listing: ListingRecord | null;
  /** Whether a run waits for its outcome. */
  readonly open: boolean;
}

type KnownTest = Omit<InventoryTest, 'listing'> & Pick<TestRecord, 'listing'>;

function isListed(test: KnownTest): test is InventoryTest {
  return test.listing !== null;
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
  /** From when the first of these is checked again, epoch ms; null where there is none. */
  readonly provisionalFrom: number | null;
  /** Tests whose ClassicUT verdict nothing confirms yet. */
  readonly unconfirmed: number;
  /** The rules by which tests are probed. */
  readonly rules: RuleSetName;
}

/** Some of the errors, by their keys: test UUIDs, and `workspace:UUID` for a workspace that could not be listed. */
export type ErrorPortion = readonly (readonly [key: string, error: ErrorRecord])[];

/** Reads the checkpoints as a whole, or by test: for the state files, summaries and commands. */
export class Inventory extends CheckpointPart {
  /**
   * A number that grows with every change that shows in the state files; 0 when nothing was ever written. The same number
   * means the same contents, also after Redis has lost its last writes, as long as its clock goes forward.
   */
  async revision(): Promise<number> {
    return (await this.revisions()).revision;
  }

  /**
   * The revision, and that of the latest change that is not an outcome (`follow` reports those). Both are read at once.
   */
  async revisions(): Promise<{ readonly revision: number; readonly libraryRevision: number }> {
    const [revision, libraryRevision] = await this.client.mget(this.keys.revision, this.keys.libraryRevision);
    return { revision: Number(revision ?? 0), libraryRevision: Number(libraryRevision ?? 0) };
  }

  /** How many tests are known. */
  size(): Promise<number> {
    return this.client.zcard(this.keys.catalogue);
  }

  /**
   * All tests in the order of their UUIDs, in pages, so that memory does not grow with the library. While a page is
   * processed, the next one is being read.
   */
  async *pages(size = 1000): AsyncGenerator<readonly InventoryTest[]> {
    let next = this.#page('-', size);
    for (;;) {
      const { tests, last } = await next;
      if (last === undefined) return;
      next = this.#page(`(${last}`, size);
      // A caller may stop after this page.
      next.catch(() => undefined);
      yield tests;
    }
  }

  async #page(after: string, size: number): Promise<{ readonly tests: InventoryTest[]; readonly last?: string }> {
    const uuids = await this.client.zrange(this.keys.catalogue, after, '+', 'BYLEX', 'LIMIT', 0, size);
    const last = uuids.at(-1);
    if (last === undefined) return { tests: [] };
    return { tests: (await this.#read(uuids)).filter(isListed), last };
  }

  /** Everything about some tests, in that order; one round trip. */
  async records(uuids: readonly string[]): Promise<TestRecord[]> {
    if (uuids.length === 0) return [];
    const { evidence, open } = this.keys;
    const [tests, answers, waiting] = await Promise.all([
      this.#read(uuids),
      this.client.hmget(evidence, ...uuids),
      this.client.hmget(open, ...uuids),
    ]);
    return tests.map((test, index) => ({
      ...test,
      ...answersOf(answers[index] ?? null),
      open: typeof waiting[index] === 'string',
    }));
  }

  async #read(uuids: readonly string[]): Promise<KnownTest[]> {
    const [listings, verdicts, errors, unconfirmed] = await Promise.all([
      this.client.hmget(this.keys.listing, ...uuids),
      this.client.hmget(this.keys.verdicts, ...uuids),
      this.client.hmget(this.keys.errors, ...uuids),
      this.client.smismember(this.keys.unconfirmed, ...uuids),
    ]);
    return uuids.map((uuid, index) => {
      const verdict = parsed(verdictRecord, verdicts[index]);
      return {
        uuid,
        listing: parsed(listingRecord, listings[index]),
        verdict,
        certainty: verdict && certaintyOf(verdict, unconfirmed[index] === 1),
        error: parsed(errorRecord, errors[index]),
      };
    });
  }

  /** UUIDs of known tests that begin with a text, in their order. @param most how many at most */
  find(start: string, most: number): Promise<string[]> {
    return this.client.zrange(this.keys.catalogue, `[${start}`, `[${start}\xff`, 'BYLEX', 'LIMIT', 0, most);
  }

  /** UUIDs of known tests with the longest common start with a text that is none of them; at least two characters. */
  async findNear(text: string, most: number): Promise<string[]> {
    for (let length = text.length - 1; length >= 2; length -= 1) {
      const found = await this.find(text.slice(0, length).toLowerCase(), most);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** All errors in the order of their keys, in portions: only the keys are held all at once. */
  async *errors(size = 500): AsyncGenerator<ErrorPortion> {
    const { errors } = this.keys;
    const keys = new Set<string>();
    for await (const portion of scanHash(this.client, errors)) for (const [key] of portion) keys.add(key);
    const sorted = [...keys].sort();
    for (let from = 0; from < sorted.length; from += size) {
      const portion = sorted.slice(from, from + size);
      const texts = await this.client.hmget(errors, ...portion);
      yield portion.flatMap((key, index) => {
        const error = parsed(errorRecord, texts[index]);
        return error === null ? [] : [[key, error] as const];
      });
    }
  }

  /**
   * All errors in portions, so that memory does not grow with their number; in no order, and one that is recorded
   * during the read may come twice or not at all.
   */
  async *scanErrors(): AsyncGenerator<ErrorPortion> {
    for await (const portion of scanHash(this.client, this.keys.errors)) {
      yield portion.map(([key, text]) => [key, errorRecord.parse(JSON.parse(text))] as const);
    }
  }

  async totals(): Promise<Totals> {
    const keys = this.keys;
    const [tests, counts, errors, open, provisional, earliest, unconfirmed, rules] = await Promise.all([
      this.client.zcard(keys.catalogue),
      this.client.hgetall(keys.counts),
      this.client.hlen(keys.errors),
      this.client.hlen(keys.open),
      this.client.zcard(keys.provisional),
      this.client.zrange(keys.provisional, '0', '0', 'WITHSCORES'),
      this.client.scard(keys.unconfirmed),
      this.client.get(keys.rules),
    ]);
    const byCategory: Record<string, number> = {};
    const byRule: Record<string, number> = {};
    for (const [key, count] of Object.entries(counts)) {
      const [category = '', rule = ''] = key.split('|');
      byCategory[category] = (byCategory[category] ?? 0) + Number(count);
      byRule[rule] = (byRule[rule] ?? 0) + Number(count);
    }
    const decided = Object.values(byCategory).reduce((sum, count) => sum + count, 0);
    const [, from] = earliest;
    return {
      tests,
      undecided: Math.max(0, tests - decided),
      byCategory,
      byRule,
      errors,
      open,
      provisional,
      provisionalFrom: from === undefined ? null : Number(from),
      unconfirmed,
      rules: rulesOf(rules),
    };
  }

  /** When the last verdict was recorded that was not imported, epoch ms of Redis' clock; null when none was. */
  async lastVerdictAt(): Promise<number | null> {
    const [last] = await this.client.xrevrange(this.keys.decided, '+', '-', 'COUNT', 1);
    return last === undefined ? null : Number.parseInt(last[0], 10);
  }

  /** UUIDs of the tests that wait for an outcome, in portions. */
  async *open(): AsyncGenerator<readonly string[]> {
    for await (const portion of scanHash(this.client, this.keys.open)) yield portion.map(([uuid]) => uuid);
  }

  /** Which of these tests wait for an outcome, and why: it is their first, they had one, or nothing confirms the one they have. */
  async stillOpen(
    uuids: readonly string[],
  ): Promise<{ readonly uuid: string; readonly why: 'new' | 'recheck' | 'doubted' }[]> {
    if (uuids.length === 0) return [];
    const [open, verdicts, unconfirmed] = await Promise.all([
      this.client.hmget(this.keys.open, ...uuids),
      this.client.hmget(this.keys.verdicts, ...uuids),
      this.client.smismember(this.keys.unconfirmed, ...uuids),
    ]);
    return uuids.flatMap((uuid, index) => {
      const decided = typeof verdicts[index] === 'string' ? 'recheck' : 'new';
      return open[index] === null ? [] : [{ uuid, why: unconfirmed[index] === 1 ? 'doubted' : decided }];
    });
  }
}

/**
 * All fields of a hash with their values in portions, so that neither Redis nor this process has to hold all of it at
 * once; in no order, and one that is written during the read may come twice or not at all.
 */
export async function* scanHash(
  client: RedisClient,
  key: string,
): AsyncGenerator<readonly (readonly [field: string, value: string])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await client.hscan(key, cursor, 'COUNT', 500);
    cursor = next;
    yield flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? ''] as const] : []));
  } while (cursor !== '0');
}
