import { type Category, categories } from '@inventory/classification';
import { z } from 'zod';
import { CheckpointPart, keptOutcomes } from './keys.ts';
import { type ChangeKind, changeKinds, type RunRecord } from './records.ts';

/** What one act has changed about one test, or about the listing of a workspace. */
export interface Change {
  /** Its place among all changes: a cursor. */
  readonly id: string;
  /** Epoch ms of Redis' clock. */
  readonly at: number;
  /** Test UUID, or `workspace:UUID` for an error of its listing. */
  readonly key: string;
  readonly kinds: readonly ChangeKind[];
  /** Ids of the runs that it belongs to: usually one; none where rules were chosen without a run. */
  readonly runs: readonly string[];
  /** The category that counted before, and the one that counts now; null for none, and where no verdict has changed. */
  readonly from: Category | null;
  readonly to: Category | null;
  /** Name of the rule behind the verdict, or type of the error. */
  readonly why: string | null;
  /** Ids of the runs that have counted what this takes back: they count neither. */
  readonly undoes: readonly string[];
}

/** The cursor before all changes. */
export const fromTheStart = '0-0';

/**
 * A cursor is older than what is kept, or none of this stream: Redis was emptied, or lost its last writes, since it was
 * given. Changes after it are missing.
 */
export class ChangesDroppedError extends Error {
  override readonly name = 'ChangesDroppedError';

  /** The cursor from which on all changes will be there. */
  readonly next: string;

  constructor(next: string) {
    super('The changes that followed this cursor are no longer kept.');
    this.next = next;
  }
}

const category = z.enum(categories).or(z.literal('').transform(() => null));
const ids = z
  .string()
  .default('')
  .transform((ids) => ids.split(',').filter((id) => id !== ''));
const entry = z.object({
  test: z.string(),
  kinds: z.string().transform((kinds) => changeKinds.filter((kind) => kinds.split(',').includes(kind))),
  runs: ids,
  from: category,
  to: category,
  why: z.string().transform((why) => why || null),
  undoes: ids,
});

type Entry = [id: string, fields: string[]];

const portion = 1000;

/**
 * What has changed, in the order in which it happened (docs/decisions/0013-what-changed.md). Each change is recorded in
 * the act that makes it; the last 100,000 are kept.
 */
export class Changes extends CheckpointPart {
  /**
   * The changes after a cursor, the oldest first.
   * @param cursor id of a change, or what {@link last} gave; null for the oldest that are kept
   * @param most how many at most
   * @throws ChangesDroppedError when some of them are no longer kept
   */
  async after(cursor: string | null, most: number): Promise<Change[]> {
    const entries = await this.client.xrange(this.keys.changes, `(${cursor ?? fromTheStart}`, '+', 'COUNT', most);
    // Read after the entries, which may be dropped in between.
    if (cursor !== null && !(await this.#reaches(cursor, entries))) throw new ChangesDroppedError(await this.last());
    return entries.map(changeOf);
  }

  /** Whether the stream has all changes since a cursor. @param entries those that it has */
  async #reaches(cursor: string, entries: readonly Entry[]): Promise<boolean> {
    const { changes, changesFrom } = this.keys;
    if (entries.length === 0) return !isBefore(await this.last(), cursor);
    // Nothing was missing at the beginning; entries are only dropped where there are many.
    if (cursor === fromTheStart) return (await this.client.xlen(changes)) < keptOutcomes;
    const from =
      (await this.client.get(changesFrom)) ?? (await this.client.xrange(changes, '-', '+', 'COUNT', 1))[0]?.[0];
    return from === undefined || !isBefore(cursor, from);
  }

  /** The cursor behind all changes so far. */
  async last(): Promise<string> {
    const [last] = await this.client.xrevrange(this.keys.changes, '+', '-', 'COUNT', 1);
    return last?.[0] ?? fromTheStart;
  }

  /** The changes of a run that are kept, the oldest first, in portions. */
  async *of({ id, firstChange, lastChange }: RunRecord): AsyncGenerator<readonly Change[]> {
    if (firstChange === undefined || lastChange === undefined) return;
    for (let from = firstChange; ; ) {
      const entries = await this.client.xrange(this.keys.changes, from, lastChange, 'COUNT', portion);
      const last = entries.at(-1);
      if (last === undefined) return;
      yield entries.map(changeOf).filter(({ runs }) => runs.includes(id));
      from = `(${last[0]}`;
    }
  }
}

/** Whether a text has the form of a cursor. */
export function isCursor(text: string): boolean {
  return /^\d{1,15}-\d{1,15}$/.test(text);
}

function isBefore(one: string, other: string): boolean {
  const [ms = 0, number = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && number < otherNumber);
}

function changeOf([id, fields]: Entry): Change {
  const pairs = fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]]] : []));
  const { test: key, ...change } = entry.parse(Object.fromEntries(pairs));
  return { id, at: Number.parseInt(id, 10), key, ...change };
}
