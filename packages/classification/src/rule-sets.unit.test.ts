import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Evidence } from './evidence.ts';
import { nextStep } from './next-step.ts';
import { findRule, ruleSetNames, ruleSets } from './rule-sets.ts';

const yes: Answer = { outcome: 'present', at: 1 };
const no: Answer = { outcome: 'absent', at: 1 };
const sessions: Answer = { outcome: 'present', at: 1, sessionId: 's1' };
const step = (evidence: Evidence) => nextStep(evidence, ruleSets['media-matrix']);

describe('media-matrix', () => {
  it.each<[string, Evidence, string]>([
    ['the sessions come first', {}, 'sessions'],
    ['the transcript comes before the video', { sessions }, 'transcript'],
    ['then the video', { sessions, transcript: no }, 'video'],
    ['then the QX scores', { sessions, transcript: no, video: no }, 'qx'],
    ['a video alone decides nothing', { sessions, video: yes }, 'transcript'],
    ['QX scores alone decide nothing', { sessions, video: no, qx: yes }, 'transcript'],
  ])('asks: %s', (_rule, evidence, probe) => {
    expect(step(evidence)).toMatchObject({ kind: 'ask', probe });
  });

  it.each<[string, Evidence, string]>([
    ['404 on sessionResults means ClassicUT', { sessions: no }, 'ClassicUT'],
    ['no session means no type yet', { sessions: { ...yes, sessionId: null } }, 'no sessions'],
    [
      'a transcript means think-out-loud test, also with a video',
      { sessions, transcript: yes, video: yes },
      'think-out-loud test',
    ],
    [
      'a video without a transcript means interaction test',
      { sessions, transcript: no, video: yes },
      'interaction test',
    ],
    [
      'QX scores without both mean interaction test',
      { sessions, transcript: no, video: no, qx: yes },
      'interaction test',
    ],
    ['nothing of all that means survey', { sessions, transcript: no, video: no, qx: no }, 'survey'],
  ])('decides: %s', (_rule, evidence, category) => {
    expect(step(evidence)).toMatchObject({ kind: 'decided', rule: { category } });
  });
});

describe('all sets', () => {
  it('conclude a survey of the same evidence, and ask nothing twice on the way to a verdict', () => {
    const answer = fc.constantFrom(yes, no);
    fc.assert(
      fc.property(fc.constantFrom(...ruleSetNames), answer, answer, answer, (name, video, qx, transcript) => {
        const truth = { sessions, video, qx, transcript };
        const asked: Evidence[] = [{}];
        for (let evidence: Evidence = {}; ; asked.push(evidence)) {
          const next = nextStep(evidence, ruleSets[name]);
          if (next.kind === 'decided') {
            const nothing = [video, qx, transcript].every(({ outcome }) => outcome === 'absent');
            expect(next.rule.category === 'survey').toBe(nothing);
            break;
          }
          evidence = { ...evidence, [next.probe]: truth[next.probe] };
        }
        expect(asked.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('tell their rules apart by name, but for those that they share', () => {
    const shared = ['sessions-not-found', 'no-sessions-yet'];
    const names = ruleSetNames.flatMap((set) => {
      const { rows, otherwise } = ruleSets[set];
      return [...rows, otherwise].map(({ name }) => name).filter((name) => !shared.includes(name));
    });
    expect(new Set(names).size).toBe(names.length);
  });

  it('a rule is found by its name, with the set it is of', () => {
    expect(findRule('has-video')).toMatchObject({ rules: ruleSets.tutorial, row: { probe: 'video' } });
    expect(findRule('matrix-no-other-data')).toMatchObject({ rules: ruleSets['media-matrix'], row: null });
    expect(findRule('of-tomorrow')).toBeNull();
  });
});
