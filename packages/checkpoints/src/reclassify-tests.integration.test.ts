import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { RulesChangedError, RunLostError, UnknownRulesError } from './errors.ts';

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
  await bench.checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: { ...present, sessionId: 's' } });
  await bench.checkpoints.test.noteAnswer('a', { probe: 'video', answer: present, verdict: byVideo });
  return { uuid: 'a', before: await verdict() };
}
const verdict = async () => {
  const found = (await bench.checkpoints.inventory.records(['a']))[0]?.verdict;
  if (!found) throw new Error('no verdict');
  return found;
};

describe('the rules in force', () => {
  it('are those of the tutorial until others are chosen; an unknown name is refused', async () => {
    expect(await bench.checkpoints.rules()).toBe('tutorial');
    await bench.checkpoints.chooseRules('media-matrix');
    expect((await bench.checkpoints.test.load('a')).rules).toBe('media-matrix');
    await bench.client.set(`${bench.prefix}:rules`, 'of-tomorrow');
    await expect(bench.checkpoints.test.load('a')).rejects.toThrow(UnknownRulesError);
  });

  it('are known from the verdicts where Redis has lost their name', async () => {
    await bench.open('a', 'b');
    await bench.checkpoints.chooseRules('media-matrix');
    await bench.checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: { ...present, sessionId: 's' } });
    await bench.checkpoints.test.noteAnswer('a', {
      probe: 'transcript',
      answer: present,
      verdict: byTranscript,
      rules: 'media-matrix',
    });
    await bench.client.del(`${bench.prefix}:rules`);
    expect((await bench.checkpoints.test.load('b')).rules).toBe('media-matrix');
  });

  it('are the only ones whose verdict counts; the answer behind it is kept', async () => {
    await bench.open('a');
    await bench.checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: { ...present, sessionId: 's' } });
    await bench.checkpoints.chooseRules('media-matrix');
    expect(
      await bench.checkpoints.test.noteAnswer('a', {
        probe: 'video',
        answer: present,
        verdict: byVideo,
        rules: 'tutorial',
      }),
    ).toBe(false);
    expect(await bench.checkpoints.test.decide('a', byVideo, 'tutorial')).toBe(false);
    expect(await bench.checkpoints.test.load('a')).toMatchObject({ open: true, evidence: { video: present } });
    expect(await bench.checkpoints.test.decide('a', byTranscript, 'media-matrix')).toBe(true);
    expect(await verdict()).toMatchObject(byTranscript);
  });
});

describe('reclassified tests', () => {
  it('get the verdict of the rules, once, and are counted by it', async () => {
    const test = await decided();
    await bench.checkpoints.chooseRules('media-matrix');
    const feed = await bench.checkpoints.follow();
    const judged = [{ ...test, verdict: byTranscript }];
    expect(await bench.checkpoints.known.reclassify(applied(null), judged)).toEqual({ changed: ['a'], opened: [] });
    expect(await bench.checkpoints.known.reclassify(applied(null), judged)).toEqual({ changed: [], opened: [] });
    expect(await verdict()).toMatchObject(byTranscript);
    expect((await bench.checkpoints.inventory.totals()).byCategory).toMatchObject({
      'interaction test': 0,
      'think-out-loud test': 1,
    });
    expect(await feed.read()).toMatchObject([{ uuid: 'a', verdict: byTranscript }]);
  });

  it('that keep their type are no news for those who follow the verdicts', async () => {
    const test = await decided();
    await bench.checkpoints.chooseRules('media-matrix');
    const feed = await bench.checkpoints.follow();
    const sameType = { ...byVideo, rule: 'matrix-has-video' };
    await bench.checkpoints.known.reclassify(applied(null), [{ ...test, verdict: sameType }]);
    expect(await verdict()).toMatchObject(sameType);
    expect(await feed.read()).toEqual([]);
  });

  it('that lack an answer are open until they have it, and keep their verdict and evidence till then', async () => {
    const test = { ...(await decided()), verdict: null };
    await bench.checkpoints.chooseRules('media-matrix');
    const { id } = await bench.checkpoints.runs.start('reclassify');
    expect(await bench.checkpoints.known.reclassify(applied(id), [test])).toEqual({ changed: [], opened: ['a'] });
    expect(await bench.checkpoints.known.reclassify(applied(id), [test])).toEqual({ changed: [], opened: ['a'] });
    expect(await bench.checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
    expect(await bench.checkpoints.test.load('a')).toMatchObject({ open: true, evidence: { video: present } });
    expect(await verdict()).toMatchObject(byVideo);
    await bench.checkpoints.test.noteAnswer('a', {
      probe: 'transcript',
      answer: present,
      verdict: byTranscript,
      rules: 'media-matrix',
    });
    expect(await bench.checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { 'think-out-loud test': 1 } });
  });

  it('that were decided otherwise meanwhile, or are open for another run, are left alone', async () => {
    const test = await decided();
    await bench.checkpoints.chooseRules('media-matrix');
    const stale = { ...test, before: { ...test.before, at: test.before.at - 1 } };
    const { id } = await bench.checkpoints.runs.start('reclassify');
    for (const verdictOrNone of [byTranscript, null]) {
      const judged = [{ ...stale, verdict: verdictOrNone }];
      expect(await bench.checkpoints.known.reclassify(applied(id), judged)).toEqual({ changed: [], opened: [] });
    }
    expect(await verdict()).toEqual(test.before);
  });

  it('are refused when other rules are in force, or Redis has forgotten the run', async () => {
    const test = { ...(await decided()), verdict: byTranscript };
    await expect(bench.checkpoints.known.reclassify(applied(null), [test])).rejects.toThrow(RulesChangedError);
    await bench.checkpoints.chooseRules('media-matrix');
    await expect(bench.checkpoints.known.reclassify(applied('1'), [test])).rejects.toThrow(RunLostError);
  });
});
