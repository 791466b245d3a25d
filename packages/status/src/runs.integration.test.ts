import type { Checkpoints, ReevaluatedTest, StartedRun } from '@inventory/checkpoints';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTestCheckpoints } from '../../../test/support/checkpoints.ts';
import { readRun } from './runs.ts';

type NewVerdict = NonNullable<ReevaluatedTest['verdict']>;
type Category = NewVerdict['category'];
const probed = (category: Category): NewVerdict => ({ category, rule: 'r', source: 'probed' });
const declared: NewVerdict = { category: 'survey', rule: 'declared-x', source: 'declared' };
const rest = { status: 500, status_code: 500, error: 'x', body: '', attempts: 1 };
const failure = { ...rest, type: 'unclassified_error' } as const;

/** What processes do to one account, in runs of which several may go on at once. */
class Account {
  readonly #checkpoints: Checkpoints;
  readonly runs: StartedRun[] = [];

  constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  async start(selection: string): Promise<StartedRun> {
    const run = await this.#checkpoints.runs.start(selection);
    if (!run.resumed) this.runs.push(run);
    return run;
  }

  #run(nth: number): StartedRun {
    const run = this.runs[nth % this.runs.length];
    if (run === undefined) throw new Error('none was started');
    return run;
  }

  async list(nth: number, uuids: readonly string[], title: string, isDeclared: boolean): Promise<void> {
    const { id: run, joinedAt } = this.#run(nth);
    const tests = uuids.map((uuid) => ({ uuid, listing: { title }, declared: isDeclared ? declared : null }));
    await this.#checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
  }

  async endListing(nth: number): Promise<void> {
    const { id } = this.#run(nth);
    const { listing, runs } = this.#checkpoints;
    await listing.finishWorkspace('w', id);
    await listing.noteUnlisted(id);
    await runs.markListed(id);
  }

  failListing(nth: number): Promise<void> {
    return this.#checkpoints.listing.failWorkspace('w', failure, this.#run(nth).id);
  }

  async answer(uuid: string, category: Category): Promise<void> {
    const isAbsent = category === 'ClassicUT';
    const answer = isAbsent ? { outcome: 'absent' as const } : { outcome: 'present' as const, sessionId: 's' };
    await this.#checkpoints.test.noteAnswer(uuid, { probe: 'sessions', answer, verdict: probed(category) });
  }

  fail(uuid: string): Promise<void> {
    return this.#checkpoints.test.fail(uuid, failure);
  }

  async retry(uuids: readonly string[]): Promise<void> {
    const { id } = await this.start('retry');
    await this.#checkpoints.known.retry(id, uuids);
    await this.#checkpoints.runs.markListed(id);
  }

  async reclassify(uuid: string, category: Category): Promise<void> {
    const { inventory, known } = this.#checkpoints;
    const before = (await inventory.records([uuid]))[0]?.verdict;
    const test = before && { uuid, before, verdict: probed(category) };
    if (test) await known.reclassify({ rules: 'tutorial', run: null }, [test]);
  }

  /** The API does not know its tests for a while. */
  async forgetful(asker: string): Promise<void> {
    const { controls, client } = this.#checkpoints;
    const known = await client.zrangebyscore(this.#checkpoints.key('controls'), '(0', '+inf', 'LIMIT', 0, 2);
    for (const uuid of known) await controls.unknown({ uuid, asker });
    await controls.known({ uuid: 'other', asker: 'other' });
  }
}

const one = fc.constantFrom('a', 'b', 'c');
const some = fc.uniqueArray(one);
const nth = fc.nat(3);
const category = fc.constantFrom<Category[]>('survey', 'no sessions', 'ClassicUT');
const act = fc.oneof(
  { arbitrary: fc.tuple(fc.constant('start' as const), fc.constantFrom('all', 'w')), weight: 2 },
  {
    arbitrary: fc.tuple(fc.constant('list' as const), nth, some, fc.constantFrom('old', 'new'), fc.boolean()),
    weight: 3,
  },
  { arbitrary: fc.tuple(fc.constant('endListing' as const), nth), weight: 2 },
  { arbitrary: fc.tuple(fc.constant('answer' as const), one, category), weight: 8 },
  fc.tuple(fc.constant('failListing' as const), nth),
  fc.tuple(fc.constant('fail' as const), one),
  fc.tuple(fc.constant('retry' as const), some),
  fc.tuple(fc.constant('reclassify' as const), one, category),
  { arbitrary: fc.tuple(fc.constant('forgetful' as const), one), weight: 2 },
);

it('what is stored twice agrees, a run has counted what the stream says of it, and each change of a test begins where its last one ended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40, size: 'max' }), async (acts) => {
      await using bench = await openTestCheckpoints();
      const { checkpoints } = bench;
      const account = new Account(checkpoints);
      await account.start('all');
      for (const [name, ...given] of acts)
        await (account[name] as (...of: unknown[]) => Promise<unknown>).apply(account, given);
      const found = await checkpoints.reconcile({ when: 'doctor', classifyBy: 'probe' });
      expect(found).toEqual({ runs: 0, totals: false, lostVerdicts: 0, unlisted: 0, reopened: 0, undecided: 0 });
      for (const { id } of account.runs) {
        const [all, few] = [
          await readRun(checkpoints, { id, most: 1000 }),
          await readRun(checkpoints, { id, most: 1 }),
        ];
        const counts = all?.run.changes ?? {};
        const listed = Object.keys(counts).map((kind) => [kind, all?.tests[kind as 'new']?.length ?? 0]);
        expect(Object.fromEntries(listed)).toEqual(counts);
        const first = Object.entries(all?.tests ?? {}).map(([kind, changes]) => [kind, changes.slice(0, 1)]);
        expect([few?.tests, few?.complete]).toEqual([Object.fromEntries(first), true]);
      }
      const categories = new Map<string, string | null>();
      for (const { key, from, to, kinds } of await checkpoints.changes.after(null, 10_000)) {
        if (to === null && !kinds.includes('withdrawn')) continue;
        expect([key, from]).toEqual([key, categories.get(key) ?? null]);
        categories.set(key, to);
      }
    }),
    { numRuns: 100 },
  );
});
