import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.ts';
import { ruleSets } from './rule-sets.ts';
import { provisionalUntil } from './verdict.ts';

const hour = 3_600_000;
const asked = 1_000 * hour;
const sessions = { outcome: 'present', sessionId: 's', at: asked, finishedAt: asked - hour } as const;
const absent = { outcome: 'absent', at: asked + 1 } as const;
const present = { outcome: 'present', at: asked + 1 } as const;
const surveyed: Evidence = { sessions, video: absent, qx: absent, transcript: absent };
const until = (evidence: Evidence, rules: keyof typeof ruleSets = 'tutorial', weakMs = 24 * hour) =>
  provisionalUntil(evidence, ruleSets[rules], weakMs);

describe('a verdict is provisional', () => {
  it('until a day after the end of a session whose data were absent', () => {
    expect(until(surveyed)).toBe(asked + 23 * hour);
    expect(until({ ...surveyed, transcript: present })).toBe(asked + 23 * hour);
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['ahead of the probe', asked + 5 * hour],
  ])('until a day after the probe when the end is %s', (_, finishedAt) => {
    expect(until({ ...surveyed, sessions: { ...sessions, finishedAt } as Evidence['sessions'] & object })).toBe(
      asked + 24 * hour,
    );
  });

  it('by the media matrix also where a video was found without a transcript', () => {
    expect(until({ sessions, transcript: absent, video: present }, 'media-matrix')).toBe(asked + 23 * hour);
  });
});

describe('a verdict is final', () => {
  it('when the session had ended a day before its data were asked for', () => {
    const old = { ...sessions, finishedAt: asked - 24 * hour };
    expect(until({ ...surveyed, sessions: old })).toBeUndefined();
  });

  it('when no absent answer could have changed the type', () => {
    expect(until({ sessions, video: present })).toBeUndefined();
    expect(until({ sessions, video: absent, qx: present })).toBeUndefined();
  });

  it('without sessions, and with PROVISIONAL_HOURS=0', () => {
    expect(until({ sessions: { outcome: 'absent', at: asked, sessionId: null } })).toBeUndefined();
    expect(until({ sessions: { outcome: 'present', at: asked, sessionId: null } })).toBeUndefined();
    expect(until(surveyed, 'tutorial', 0)).toBeUndefined();
  });
});
