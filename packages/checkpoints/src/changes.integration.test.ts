import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { ChangesDroppedError } from './changes.ts';
import { keptOutcomes, keysOf } from './keys.ts';
import type { Failure, NewVerdict } from './records.ts';
import type { StartedRun } from './runs.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

const survey: NewVerdict = { category: 'survey', rule: 'no-other-data', source: 'probed' };
const interaction: NewVerdict = { category: 'interaction test', rule: 'has-video', source: 'probed' };
const sessionless: NewVerdict = { category: 'no sessions', rule: 'no-sessions-yet', source: 'probed' };
const declared: NewVerdict = { category: 'survey', rule: 'declared-x', source: 'declared' };
const failure: Failure = {
  status: 500,
  status_code: 500,
  type: 'unclassified_error',
  error: 'x',
  body: { newIn: '"newIn":"1","at":2}' },
  attempts: 1,
};

/** Begins a run, later than what was before. */
async function start(selection = 'all'): Promise<StartedRun> {
  await sleep(5);
  return bench.checkpoints.runs.start(selection);
}

/** Lists a workspace to its end in a run, which is then listed. @param verdict what the listing declares of all */
async function list(run: StartedRun, uuids: readonly string[], verdict: NewVerdict | null = null): Promise<void> {
  const { listing, runs } = bench.checkpoints;
  const tests = uuids.map((uuid) => ({ uuid, listing: {}, declared: verdict }));
  await listing.saveWorkspaces([{ uuid: 'w', name: 'W' }]);
  await listing.savePage({ run: run.id, joinedAt: run.joinedAt, workspace: 'w', position: 0, probe: true, tests });
  await listing.finishWorkspace('w', run.id);
  await listing.noteUnlisted(run.id);
  await runs.markListed(run.id);
}

const decide = (uuid: string, verdict: NewVerdict) => bench.checkpoints.test.decide(uuid, verdict);
const all = () => bench.checkpoints.changes.after(null, 1000);
const short = async () =>
  (await all()).map(({ key, kinds, from, to }) => `${key} ${kinds.join('+')} ${from ?? '-'}>${to ?? '-'}`);
const counts = async ({ id }: StartedRun) => (await bench.checkpoints.runs.read(id))?.changes;

describe('a change', () => {
  it('is recorded once, with the run that it belongs to, in the act that makes it', async () => {
    const run = await start();
    await list(run, ['a', 'b']);
    await list(run, ['a', 'b']);
    await decide('a', survey);
    await decide('a', survey);
    await bench.checkpoints.test.fail('b', failure);
    expect(await short()).toEqual(['a new ->-', 'b new ->-', 'a classified ->survey', 'b error_new ->-']);
    expect((await all())[2]).toMatchObject({ runs: [run.id], why: 'no-other-data' });
    expect(await counts(run)).toEqual({ new: 2, classified: 1, error_new: 1 });
  });

  it('a new test that its listing declares is one entry with both changes', async () => {
    const run = await start();
    await list(run, ['a'], declared);
    expect(await short()).toEqual(['a new+classified ->survey']);
    expect(await counts(run)).toEqual({ new: 1, classified: 1 });
  });

  it('a verdict after no sessions is a first one; another category later is a change of type; the same is none', async () => {
    const first = await start();
    await list(first, ['a', 'b']);
    await decide('a', sessionless);
    await decide('b', survey);
    const second = await start();
    await list(second, ['a', 'b']);
    await decide('a', sessionless);
    const third = await start();
    await list(third, ['a', 'b']);
    await decide('a', survey);
    await bench.checkpoints.known.reclassify({ rules: 'tutorial', run: null }, [
      { uuid: 'b', before: { rule: 'no-other-data', at: await decidedAt('b') }, verdict: interaction },
    ]);
    expect((await short()).slice(4)).toEqual([
      'a classified no sessions>survey',
      'b type_changed survey>interaction test',
    ]);
    expect([await counts(second), await counts(third)]).toEqual([{}, { classified: 1 }]);
  });

  it('an error is new once, and gone once; both in the same run are none', async () => {
    const first = await start();
    await list(first, ['a', 'b']);
    for (const uuid of ['a', 'b']) await bench.checkpoints.test.fail(uuid, failure);
    await bench.checkpoints.runs.finish(first.id);
    const second = await start();
    await list(second, ['a', 'b', 'c']);
    await bench.checkpoints.test.fail('a', failure);
    await bench.checkpoints.test.fail('c', failure);
    await decide('b', survey);
    expect(await counts(second)).toEqual({ new: 1, error_new: 1, classified: 1, error_gone: 1 });
    await bench.checkpoints.known.retry(second.id, ['a', 'c']);
    await decide('a', survey);
    await decide('c', survey);
    expect(await counts(second)).toEqual({ new: 1, error_new: 0, classified: 3, error_gone: 2 });
    expect(await counts(first)).toEqual({ new: 2, error_new: 2 });
  });

  it('counts for each run that waited for the test, and is one entry', async () => {
    const one = await start('one');
    await list(one, ['a']);
    const two = await start('two');
    await list(two, ['a', 'b']);
    await decide('a', survey);
    expect((await all()).at(-1)?.runs).toEqual([one.id, two.id]);
    expect([await counts(one), await counts(two)]).toEqual([
      { new: 1, classified: 1 },
      { new: 1, classified: 1 },
    ]);
    expect(await bench.checkpoints.runs.read(two.id)).toMatchObject({ selected: 2, shared: 1 });
  });

  it('forgotten tests leave no changes', async () => {
    const run = await start();
    await list(run, ['a', 'b']);
    await bench.checkpoints.known.forget(['a']);
    expect(await short()).toEqual(['b new ->-']);
  });
});

const decidedAt = async (uuid: string) => (await bench.checkpoints.inventory.records([uuid]))[0]?.verdict?.at ?? 0;

describe('a test that is no longer listed', () => {
  it('is a change once, and so is its return', async () => {
    await list(await start(), ['a', 'b'], declared);
    const second = await start();
    await list(second, ['a'], declared);
    await bench.checkpoints.listing.noteUnlisted(second.id);
    const third = await start();
    await list(third, ['a'], declared);
    const fourth = await start();
    const revision = await bench.checkpoints.inventory.revision();
    await list(fourth, ['a', 'b'], declared);
    expect(await bench.checkpoints.inventory.revision()).toBeGreaterThan(revision);
    expect((await short()).slice(2)).toEqual(['b unlisted ->-', 'b listed_again ->-']);
    expect([await counts(second), await counts(third), await counts(fourth)]).toEqual([
      { unlisted: 1 },
      {},
      { listed_again: 1 },
    ]);
  });

  it('is none when another run has listed it in the meantime, or its workspace was not listed to the end', async () => {
    await list(await start(), ['a', 'b'], declared);
    const slow = await start('slow');
    const { listing } = bench.checkpoints;
    const page = (run: StartedRun, uuid: string) => ({
      ...{ run: run.id, joinedAt: run.joinedAt, workspace: 'w', position: 0, probe: true },
      tests: [{ uuid, listing: {}, declared }],
    });
    const quick = await start('quick');
    await listing.savePage(page(quick, 'a'));
    await listing.noteUnlisted(quick.id);
    await listing.savePage(page(slow, 'b'));
    await list(quick, ['a'], declared);
    expect((await short()).slice(2)).toEqual([]);
  });

  it('is none for an imported test, which may be gone for long', async () => {
    const { checkpoints } = bench;
    await checkpoints.import.tests([{ uuid: 'old', workspace: 'w', name: 'W', category: 'survey' }]);
    await checkpoints.import.errors([{ key: 'x', error: failure }]);
    const run = await start();
    await list(run, ['a'], declared);
    expect(await short()).toEqual(['a new+classified ->survey']);
  });
});

describe('verdicts that are taken back', () => {
  it('count as if they had never been, and a pipeline hears of it', async () => {
    const { controls, test } = bench.checkpoints;
    const run = await start();
    await list(run, ['p', 'q', 'a', 'b', 'open']);
    for (const uuid of ['p', 'q']) {
      await test.noteAnswer(uuid, { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
      await decide(uuid, survey);
    }
    for (const uuid of ['a', 'b']) {
      const verdict: NewVerdict = { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' };
      await test.noteAnswer(uuid, { probe: 'sessions', answer: { outcome: 'absent' }, verdict });
    }
    expect(await counts(run)).toEqual({ new: 5, classified: 4 });
    for (const uuid of ['p', 'q']) await controls.unknown({ uuid, asker: 'open' });
    expect(await counts(run)).toEqual({ new: 5, classified: 2 });
    await bench.client.del(keysOf(bench.prefix).hold);
    await decide('a', survey);
    expect((await short()).slice(9)).toEqual([
      expect.stringMatching(/^[ab] withdrawn ClassicUT>-$/),
      expect.stringMatching(/^[ab] withdrawn ClassicUT>-$/),
      'a classified ->survey',
    ]);
    expect(await counts(run)).toEqual({ new: 5, classified: 3 });
  });
});

describe('an account of the previous version', () => {
  it('reports nothing as new, changed or gone in its first run', async () => {
    await list(await start(), ['a', 'gone', 'n'], null);
    await decide('a', survey);
    await decide('gone', survey);
    await decide('n', sessionless);
    await list(await start(), ['a', 'n'], null);
    await decide('n', sessionless);
    // What that version did not store.
    const { changes, changesFrom, unlisted, withdrawn, runs, workspaces, errors, verdicts } = keysOf(bench.prefix);
    await bench.client.del(changes, changesFrom, unlisted, withdrawn);
    for (const [hash, names] of [
      [runs, ['changes', 'before', 'endedAt', 'pagedAt', 'shared', 'requests', 'throttled']],
      [workspaces, ['from']],
      [verdicts, ['was']],
      [errors, ['newIn']],
    ] as const) {
      for (const [field, text] of Object.entries(await bench.client.hgetall(hash))) {
        const record: Record<string, unknown> = JSON.parse(text);
        for (const name of names) delete record[name];
        await bench.client.hset(hash, field, JSON.stringify(record));
      }
    }
    const run = await start();
    await list(run, ['a', 'n']);
    await decide('n', sessionless);
    expect(await short()).toEqual([]);
    expect(await counts(run)).toEqual({});
    const next = await start();
    await list(next, ['n', 'gone']);
    expect(await short()).toEqual(['gone listed_again ->-', 'a unlisted ->-']);
  });
});

describe('a run', () => {
  it('finds its changes also after the clock of Redis was set back', async () => {
    const ahead = Date.now() + 3_600_000;
    await bench.client.xadd(keysOf(bench.prefix).changes, `${ahead}-0`, 'test', 'z', 'kinds', 'new', 'runs', '');
    const run = await start();
    await list(run, ['a'], declared);
    const record = await bench.checkpoints.runs.read(run.id);
    const found = [];
    for await (const some of bench.checkpoints.changes.of(record ?? expect.fail())) found.push(...some);
    expect(found.map(({ key, at }) => [key, at])).toEqual([['a', ahead]]);
  });

  it('that an older version has begun counts nothing, rather than a part', async () => {
    const run = await start();
    const { client } = bench;
    const { changes: _, ...record } = (await bench.checkpoints.runs.read(run.id)) ?? {};
    await client.hset(keysOf(bench.prefix).runs, run.id, JSON.stringify(record));
    await list(run, ['a', 'b']);
    await decide('a', survey);
    await bench.checkpoints.test.fail('b', failure);
    expect(await counts(run)).toBeUndefined();
  });

  it('knows when it ended, and how many requests all workers sent in it', async () => {
    const { metrics } = keysOf(bench.prefix);
    await bench.client.hset(metrics, 'requests|sessions|200', 7, 'requests|video|429', 2, 'retries|video|x', 9);
    const run = await start();
    await bench.client.hset(metrics, 'requests|sessions|200', 9, 'requests|video|429', 3);
    await list(run, ['a']);
    expect(await bench.checkpoints.runs.read(run.id)).not.toHaveProperty('endedAt');
    await decide('a', survey);
    const { endedAt, ...record } = (await bench.checkpoints.runs.read(run.id)) ?? {};
    expect(record).toMatchObject({ requests: 3, throttled: 1 });
    expect(endedAt).toBeGreaterThan(Number(run.id));
    const next = await start();
    await bench.client.del(metrics);
    await list(next, ['a']);
    expect(await bench.checkpoints.runs.read(next.id)).not.toHaveProperty('requests');
  });
});

/** Adds so many entries that the oldest are dropped. */
const fill = `for i = 1, ${keptOutcomes + 1000} do redis.call('XADD', KEYS[1], '*', 'test', 'f', 'kinds', 'new', 'runs', '', 'from', '', 'to', '', 'why', '') end`;

describe('a cursor', () => {
  it('gives what came after it, and is refused when some of that is no longer kept', async () => {
    const { changes } = bench.checkpoints;
    const run = await start();
    await list(run, ['a', 'b']);
    const [first] = await changes.after(null, 1);
    expect((await changes.after(first?.id ?? '', 10)).map(({ key }) => key)).toEqual(['b']);
    await bench.client.eval(fill, 1, keysOf(bench.prefix).changes);
    await decide('a', survey);
    await expect(changes.after(first?.id ?? '', 10)).rejects.toThrow(ChangesDroppedError);
    expect(await bench.client.xlen(keysOf(bench.prefix).changes)).toBe(keptOutcomes);
    expect(await changes.after(await changes.last(), 10)).toEqual([]);
    expect(await changes.after(null, 1)).toHaveLength(1);
  });

  it('from before Redis was emptied is refused as well', async () => {
    const { changes } = bench.checkpoints;
    await list(await start(), ['a']);
    const old = await changes.last();
    await bench.client.del(...Object.values(keysOf(bench.prefix)));
    await expect(changes.after(old, 10)).rejects.toThrow(ChangesDroppedError);
    await list(await start(), ['a']);
    await expect(changes.after(old, 10)).rejects.toThrow(ChangesDroppedError);
  });

  it('of a time that is still to come, and one whose beginning Redis has lost, are refused', async () => {
    const { changes } = bench.checkpoints;
    await list(await start(), ['a', 'b']);
    await expect(changes.after('999999999999999-0', 10)).rejects.toThrow(ChangesDroppedError);
    await bench.client.del(keysOf(bench.prefix).changesFrom);
    await expect(changes.after('1-0', 10)).rejects.toThrow(ChangesDroppedError);
    const [first] = await changes.after(null, 1);
    expect(await changes.after(first?.id ?? '', 10)).toHaveLength(1);
  });

  it('from before the first change of an account is refused only when changes have been dropped since', async () => {
    const { changes } = bench.checkpoints;
    const before = await changes.last();
    expect(await changes.after(before, 10)).toEqual([]);
    await list(await start(), ['a']);
    expect(await changes.after(before, 10)).toHaveLength(1);
    await bench.client.eval(fill, 1, keysOf(bench.prefix).changes);
    await decide('a', survey);
    await expect(changes.after(before, 10)).rejects.toThrow(ChangesDroppedError);
  });
});
