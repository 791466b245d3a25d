import { setTimeout as sleep } from 'node:timers/promises';
import { evidenceLife } from '@inventory/classification';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { RulesChangedError, RunLostError, UnknownRulesError } from './errors.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

const present = { outcome: 'present', sessionId: 's' } as const;
const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
const failure = {
  status: 403,
  status_code: 403,
  type: 'unclassified_error',
  error: 'no',
  body: null,
  attempts: 1,
} as const;

describe('retrying tests', () => {
  /** A test that ended in an error after its first answer. */
  async function failed(uuid: string): Promise<void> {
    await bench.open(uuid);
    await bench.checkpoints.test.noteAnswer(uuid, { probe: 'sessions', answer: present });
    await bench.checkpoints.test.fail(uuid, failure);
  }

  it('takes up what ended in an error, keeping its answers and its error until there is an outcome', async () => {
    const { checkpoints } = bench;
    await failed('a');
    const { id } = await checkpoints.runs.start('retry');
    expect(await checkpoints.known.retry(id, ['a'])).toEqual(['a']);
    expect(await checkpoints.inventory.records(['a'])).toMatchObject([
      { open: true, error: { type: 'unclassified_error' }, evidence: { sessions: { outcome: 'present' } } },
    ]);
    expect(await checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
    await checkpoints.test.decide('a', survey);
    expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ open: false, error: null }]);
    expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { survey: 1 } });
  });

  it('does the same when it is sent twice', async () => {
    const { checkpoints } = bench;
    await failed('a');
    const { id } = await checkpoints.runs.start('retry');
    await checkpoints.known.retry(id, ['a']);
    expect(await checkpoints.known.retry(id, ['a'])).toEqual(['a']);
    expect(await checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
  });

  it('leaves alone what has no error, is decided, was never listed, or is waited for by another run', async () => {
    const { checkpoints, open } = bench;
    await failed('waiting');
    // A test that failed in the very millisecond in which a producer joins is not taken up again.
    await sleep(5);
    await open('new', 'decided', 'waiting');
    await checkpoints.test.decide('decided', survey);
    await checkpoints.import.errors([{ key: 'unlisted', error: failure }]);
    const { id } = await checkpoints.runs.start('retry');
    expect(await checkpoints.known.retry(id, ['new', 'decided', 'unlisted', 'waiting', 'unknown'])).toEqual([]);
  });

  it('asks anew what was answered more than a day ago', async () => {
    const { checkpoints, client, prefix } = bench;
    await failed('a');
    const old = { sessions: { ...present, at: Date.now() - evidenceLife - 1000 } };
    await client.hset(`${prefix}:evidence`, 'a', JSON.stringify(old));
    const { id } = await checkpoints.runs.start('retry');
    await checkpoints.known.retry(id, ['a']);
    expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ evidence: {} }]);
  });

  it('says when Redis has forgotten the run', async () => {
    await failed('a');
    await expect(bench.checkpoints.known.retry('gone', ['a'])).rejects.toThrow(RunLostError);
  });
});

describe('reclassifying tests', () => {
  const byVideo = { category: 'interaction test', rule: 'has-video', source: 'probed' } as const;
  const byTranscript = { category: 'think-out-loud test', rule: 'matrix-has-transcript', source: 'probed' } as const;
  const present = { outcome: 'present' } as const;
  const applied = (run: string | null) => ({ rules: 'media-matrix', run }) as const;

  /** Has a test decided by its video. @returns what was known of it then */
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
      const reevaluated = [{ ...test, verdict: byTranscript }];
      expect(await bench.checkpoints.known.reclassify(applied(null), reevaluated)).toEqual({
        changed: ['a'],
        opened: [],
      });
      expect(await bench.checkpoints.known.reclassify(applied(null), reevaluated)).toEqual({ changed: [], opened: [] });
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
        const reevaluated = [{ ...stale, verdict: verdictOrNone }];
        expect(await bench.checkpoints.known.reclassify(applied(id), reevaluated)).toEqual({ changed: [], opened: [] });
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
});

describe('forgetting tests', () => {
  describe('a forgotten test', () => {
    it('leaves no trace, whether decided, failed or half asked', async () => {
      const { checkpoints, client, prefix, open } = bench;
      await open('kept', 'decided', 'failed', 'begun');
      await checkpoints.test.decide('kept', survey);
      const before = await redisContents(client, prefix);
      await checkpoints.test.noteAnswer('decided', { probe: 'sessions', answer: present, verdict: survey });
      await checkpoints.test.fail('failed', failure);
      await checkpoints.test.noteAnswer('begun', { probe: 'sessions', answer: present });
      await checkpoints.test.noteTries('begun', 'video', { tries: 2 });
      expect(await checkpoints.known.forget(['decided', 'failed', 'begun', 'never seen'])).toEqual([
        { key: 'decided', wasOpen: false },
        { key: 'failed', wasOpen: false },
        { key: 'begun', wasOpen: true },
      ]);
      const after = await redisContents(client, prefix);
      for (const name of ['verdicts', 'evidence', 'errors', 'retries', 'counts']) {
        expect(after[`${prefix}:${name}`]).toEqual(before[`${prefix}:${name}`]);
      }
      expect(after[`${prefix}:catalogue`]).toEqual(['kept', '0']);
      expect(JSON.stringify([after[`${prefix}:decided`], after[`${prefix}:failed`]])).toMatch(
        /^(?!.*"failed").*"kept"/,
      );
      expect(JSON.stringify(after)).not.toMatch(/"(decided|begun|never seen)"/);
      expect(await checkpoints.inventory.totals()).toMatchObject({ tests: 1, open: 0, errors: 0 });
    });

    it('is waited for no longer, so that the runs can end', async () => {
      const { checkpoints, open } = bench;
      const { id } = await open('a', 'b');
      await checkpoints.known.forget(['a']);
      await checkpoints.test.decide('b', survey);
      expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { forgotten: 1, survey: 1 } });
    });

    it('is not brought back by an answer, a verdict, an error or a failed try that comes later', async () => {
      const { checkpoints, client, prefix, open } = bench;
      await open('a');
      await checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: present });
      await checkpoints.known.forget(['a']);
      const before = await redisContents(client, prefix);
      expect(
        await checkpoints.test.noteAnswer('a', { probe: 'video', answer: { outcome: 'present' }, verdict: survey }),
      ).toBe(false);
      await checkpoints.test.decide('a', survey);
      await checkpoints.test.fail('a', failure);
      await checkpoints.test.noteTries('a', 'video', { tries: 1 });
      expect(await redisContents(client, prefix)).toEqual(before);
      expect((await checkpoints.test.load('a')).open).toBe(false);
    });

    it('is found again by the listing, from its beginning', async () => {
      const { checkpoints, open } = bench;
      const { id } = await open('a');
      await checkpoints.listing.saveCursor('w', id, 'c');
      await checkpoints.known.forget(['a']);
      expect(await checkpoints.listing.cursor('w', id, 1_000_000)).toBeNull();
      await open('a');
      expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ open: true, evidence: {} }]);
    });
  });

  it('to forget everything keeps the schema, the generation and the runs, and all else is as new', async () => {
    const { checkpoints, client, prefix, open } = bench;
    await checkpoints.import.ensureInUse(async () => undefined);
    await client.set(`${prefix}:generation`, 'g');
    const { id } = await open('a', 'b', 'c');
    await checkpoints.test.decide('a', survey);
    await checkpoints.test.fail('b', failure);
    await checkpoints.listing.failWorkspace('w', failure, '1');
    await checkpoints.import.errors([{ key: 'never listed', error: failure }]);
    const forgotten = await checkpoints.known.forgetAll();
    expect(forgotten.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c', 'never listed', 'workspace:w']);
    expect(await checkpoints.inventory.totals()).toMatchObject({ tests: 0, open: 0, errors: 0 });
    expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0 });
    expect(await checkpoints.inventory.lastVerdictAt()).toBeNull();
    expect(await client.get(`${prefix}:schema`)).toBe('1');
    expect(await client.get(`${prefix}:generation`)).toBe('g');
  });
});
