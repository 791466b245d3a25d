import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { RulesChangedError, RunLostError, UnknownRulesError } from './errors.ts';
import { reclassifyTests } from './reclassify-tests.ts';
import { chooseRules, readRules } from './rules-in-force.ts';

const byVideo = { category: 'interaction test', rule: 'has-video', source: 'probed' } as const;
const byTranscript = { category: 'think-out-loud test', rule: 'matrix-has-transcript', source: 'probed' } as const;
const present = { outcome: 'present' } as const;
const applied = (run: string | null) => ({ rules: 'media-matrix', run }) as const;

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

/** Has a test decided by its video. @returns what a judge knew of it */
async function decided() {
  await bench.open('a');
  await bench.checkpoints.test.noteAnswer('a', 'sessions', { ...present, sessionId: 's' }, null);
  await bench.checkpoints.test.noteAnswer('a', 'video', present, byVideo);
  return { uuid: 'a', before: await verdict() };
}
const verdict = async () => {
  const found = (await bench.checkpoints.inventory.test('a'))?.verdict;
  if (!found) throw new Error('no verdict');
  return found;
};

describe('the rules in force', () => {
  it('are those of the tutorial until others are chosen; an unknown name is refused', async () => {
    expect(await readRules(bench.checkpoints)).toBe('tutorial');
    await chooseRules(bench.checkpoints, 'media-matrix');
    expect((await bench.checkpoints.test.load('a')).rules).toBe('media-matrix');
    await bench.client.set(`${bench.prefix}:rules`, 'of-tomorrow');
    await expect(bench.checkpoints.test.load('a')).rejects.toThrow(UnknownRulesError);
  });

  it('are known from the verdicts where Redis has lost their name', async () => {
    await bench.open('a', 'b');
    await chooseRules(bench.checkpoints, 'media-matrix');
    await bench.checkpoints.test.noteAnswer('a', 'sessions', { ...present, sessionId: 's' }, null);
    await bench.checkpoints.test.noteAnswer('a', 'transcript', present, byTranscript, { by: 'media-matrix' });
    await bench.client.del(`${bench.prefix}:rules`);
    expect((await bench.checkpoints.test.load('b')).rules).toBe('media-matrix');
  });

  it('are the only ones whose verdict counts; the answer behind it is kept', async () => {
    await bench.open('a');
    await bench.checkpoints.test.noteAnswer('a', 'sessions', { ...present, sessionId: 's' }, null);
    await chooseRules(bench.checkpoints, 'media-matrix');
    expect(await bench.checkpoints.test.noteAnswer('a', 'video', present, byVideo, { by: 'tutorial' })).toBe(false);
    expect(await bench.checkpoints.test.decide('a', byVideo, 'tutorial')).toBe(false);
    expect(await bench.checkpoints.test.load('a')).toMatchObject({ open: true, evidence: { video: present } });
    expect(await bench.checkpoints.test.decide('a', byTranscript, 'media-matrix')).toBe(true);
    expect(await verdict()).toMatchObject(byTranscript);
  });
});

describe('reclassified tests', () => {
  it('get the verdict of the rules, once, and are counted by it', async () => {
    const test = await decided();
    await chooseRules(bench.checkpoints, 'media-matrix');
    const feed = await bench.checkpoints.follow();
    const judged = [{ ...test, verdict: byTranscript }];
    expect(await reclassifyTests(bench.checkpoints, applied(null), judged)).toEqual({ changed: ['a'], taken: [] });
    expect(await reclassifyTests(bench.checkpoints, applied(null), judged)).toEqual({ changed: [], taken: [] });
    expect(await verdict()).toMatchObject(byTranscript);
    expect((await bench.checkpoints.inventory.totals()).byCategory).toMatchObject({
      'interaction test': 0,
      'think-out-loud test': 1,
    });
    expect(await feed.take()).toMatchObject([{ uuid: 'a', verdict: byTranscript }]);
  });

  it('that keep their type are no news for those who follow the verdicts', async () => {
    const test = await decided();
    await chooseRules(bench.checkpoints, 'media-matrix');
    const feed = await bench.checkpoints.follow();
    const sameType = { ...byVideo, rule: 'matrix-has-video' };
    await reclassifyTests(bench.checkpoints, applied(null), [{ ...test, verdict: sameType }]);
    expect(await verdict()).toMatchObject(sameType);
    expect(await feed.take()).toEqual([]);
  });

  it('that lack an answer are open until they have it, and keep their verdict and evidence till then', async () => {
    const test = { ...(await decided()), verdict: null };
    await chooseRules(bench.checkpoints, 'media-matrix');
    const { id } = await bench.checkpoints.runs.start('reclassify');
    expect(await reclassifyTests(bench.checkpoints, applied(id), [test])).toEqual({ changed: [], taken: ['a'] });
    expect(await reclassifyTests(bench.checkpoints, applied(id), [test])).toEqual({ changed: [], taken: ['a'] });
    expect(await bench.checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
    expect(await bench.checkpoints.test.load('a')).toMatchObject({ open: true, evidence: { video: present } });
    expect(await verdict()).toMatchObject(byVideo);
    await bench.checkpoints.test.noteAnswer('a', 'transcript', present, byTranscript, { by: 'media-matrix' });
    expect(await bench.checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { 'think-out-loud test': 1 } });
  });

  it('that were decided otherwise meanwhile, or are open for another run, are left alone', async () => {
    const test = await decided();
    await chooseRules(bench.checkpoints, 'media-matrix');
    const stale = { ...test, before: { ...test.before, at: test.before.at - 1 } };
    const { id } = await bench.checkpoints.runs.start('reclassify');
    for (const verdictOrNone of [byTranscript, null]) {
      const judged = [{ ...stale, verdict: verdictOrNone }];
      expect(await reclassifyTests(bench.checkpoints, applied(id), judged)).toEqual({ changed: [], taken: [] });
    }
    expect(await verdict()).toEqual(test.before);
  });

  it('are refused when other rules are in force, or Redis has forgotten the run', async () => {
    const test = { ...(await decided()), verdict: byTranscript };
    await expect(reclassifyTests(bench.checkpoints, applied(null), [test])).rejects.toThrow(RulesChangedError);
    await chooseRules(bench.checkpoints, 'media-matrix');
    await expect(reclassifyTests(bench.checkpoints, applied('1'), [test])).rejects.toThrow(RunLostError);
  });
});
