import { type Checkpoints, keptOutcomes } from '@inventory/checkpoints';
import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';
import { until } from '../../../../test/support/until.ts';
import { IndexKeeper } from './index-keeper.ts';
import { TestIndex } from './test-index.ts';

const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;

/** An index that has read two open tests, and a look at the checkpoints as soon as another scan may begin. */
async function loadedIndex() {
  const { runtime, checkpoints, list } = await openTestBoard(onTestFinished);
  await list([{ uuid: 'a' }, { uuid: 'b' }]);
  const index = new TestIndex();
  const keeper = new IndexKeeper(runtime, index);
  const { signal } = new AbortController();
  const look = async (): Promise<void> => {
    await keeper.look(signal);
    await keeper.idle();
  };
  const startedAt = performance.now();
  await look();
  // A scan takes at most a tenth of the time.
  const dueAt = performance.now() + 10 * (performance.now() - startedAt);
  const lookOnceDue = async (): Promise<void> => {
    while (performance.now() < dueAt) await look();
    await look();
  };
  return { index, checkpoints, look, lookOnceDue };
}

test('outcomes are taken over without reading all tests again', async () => {
  const { index, checkpoints, lookOnceDue } = await loadedIndex();
  const before = index.version;
  await checkpoints.test.decide('a', survey);
  await lookOnceDue();
  expect(index.store.get('a')?.category).toBe('survey');
  expect(index.version).toBe(before + 1);
});

test('a test that is forgotten, which no outcome tells, is gone from the index', async () => {
  const { index, checkpoints, look } = await loadedIndex();
  await checkpoints.test.decide('b', survey);
  await look();
  await checkpoints.known.forget(['b']);
  await until('the test is gone', () => look().then(() => index.store.get('b') === undefined));
});

test('an outcome that was dropped from its stream before it was read is found all the same', async () => {
  const { index, checkpoints, look } = await loadedIndex();
  const { client, prefix } = checkpoints;
  await checkpoints.test.decide('a', survey);
  await look();
  await reevaluate(checkpoints, index.store.get('a')?.classified_at);
  const fill = `redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
    for number = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', 'test', 'x', 'verdict', ARGV[2]) end`;
  await client.eval(fill, 1, `${prefix}:decided`, keptOutcomes, JSON.stringify({ ...survey, at: Date.now() }));
  await until('the other verdict is there', () => look().then(() => index.store.get('a')?.category === 'ClassicUT'));
});

test('a verdict that Redis has lost is not shown any more', async () => {
  const { index, checkpoints, look } = await loadedIndex();
  const { client, prefix } = checkpoints;
  await checkpoints.test.decide('a', survey);
  await look();
  const keys = ['revision', 'verdicts'].map((name) => `${prefix}:${name}`);
  const kept = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  await reevaluate(checkpoints, index.store.get('a')?.classified_at);
  await until('the other verdict is there', () => look().then(() => index.store.get('a')?.category === 'ClassicUT'));
  for (const [at, key] of keys.entries()) await client.restore(key, 0, kept[at] ?? '', 'REPLACE');
  await until('the first one is back', () => look().then(() => index.store.get('a')?.category === 'survey'));
});

/** Gives test `a`, a survey since then, another category, which one outcome tells. */
async function reevaluate(checkpoints: Checkpoints, decidedAt: string | null = null): Promise<void> {
  const before = { rule: survey.rule, at: Date.parse(decidedAt ?? '') };
  const verdict = { ...survey, category: 'ClassicUT' } as const;
  await checkpoints.known.reclassify({ rules: 'tutorial', run: null }, [{ uuid: 'a', before, verdict }]);
}
