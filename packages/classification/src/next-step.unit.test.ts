import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, droppedSession, type Evidence } from './evidence.ts';
import { nextStep } from './next-step.ts';
import { tutorialRules } from './rule-sets.ts';

const yes: Answer = { outcome: 'present', at: 1 };
const no: Answer = { outcome: 'absent', at: 1 };
const withSession: Answer = { outcome: 'present', at: 1, sessionId: 's1' };
const step = (evidence: Evidence) => nextStep(evidence, tutorialRules);

describe('the order of the probes', () => {
  it.each<[string, Evidence, string]>([
    ['a test nobody asked about is asked for its sessions first', {}, 'sessions'],
    ['a test with a session is asked for a video', { sessions: withSession }, 'video'],
    ['without a video, QX scores are asked for', { sessions: withSession, video: no }, 'qx'],
    ['without either, a transcript is asked for', { sessions: withSession, video: no, qx: no }, 'transcript'],
  ])('%s', (_rule, evidence, probe) => {
    expect(step(evidence)).toMatchObject({ kind: 'ask', probe });
  });

  it('media probes go to the first session', () => {
    expect(step({ sessions: withSession })).toMatchObject({ sessionId: 's1' });
  });
});

describe('the verdicts', () => {
  const asked = { sessions: withSession, video: no, qx: no };
  it.each<[string, Evidence, string]>([
    ['404 on sessionResults means ClassicUT', { sessions: no }, 'ClassicUT'],
    ['200 without sessions has no type yet', { sessions: { ...yes, sessionId: null } }, 'no sessions'],
    ['a session without an id is no session', { sessions: { ...yes, sessionId: '' } }, 'no sessions'],
    ['a video means interaction test', { sessions: withSession, video: yes }, 'interaction test'],
    ['QX scores mean interaction test', { sessions: withSession, video: no, qx: yes }, 'interaction test'],
    ['a transcript means think-out-loud test', { ...asked, transcript: yes }, 'think-out-loud test'],
    ['nothing of all that means survey', { ...asked, transcript: no }, 'survey'],
  ])('%s', (_rule, evidence, category) => {
    expect(step(evidence)).toMatchObject({ kind: 'decided', rule: { category } });
  });

  it('a survey is never concluded while a question is unanswered', () => {
    const maybe = fc.option(fc.constantFrom(yes, no), { nil: undefined });
    fc.assert(
      fc.property(maybe, maybe, maybe, (video, qx, transcript) => {
        const answers = Object.entries({ video, qx, transcript }).filter(([, answer]) => answer !== undefined);
        const result = step({ sessions: withSession, ...Object.fromEntries(answers) });
        const survey = result.kind === 'decided' && result.rule.category === 'survey';
        expect(survey).toBe([video, qx, transcript].every((answer) => answer?.outcome === 'absent'));
      }),
    );
  });
});

it("a session whose id was dropped is asked for again before its data, and not for the test's own", () => {
  const sessions: Answer = { ...withSession, sessionId: droppedSession };
  expect(step({ sessions })).toEqual({ kind: 'ask', probe: 'sessions', sessionId: null });
  expect(step({ sessions, video: no, qx: no })).toMatchObject({ probe: 'sessions' });
  expect(step({ sessions, video: no })).toMatchObject({ probe: 'qx' });
  expect(step({ sessions, video: yes })).toMatchObject({ rule: { category: 'interaction test' } });
});
