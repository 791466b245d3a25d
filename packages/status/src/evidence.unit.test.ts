import { expect, it } from 'vitest';
import { knownAnswers, ruleSays } from './evidence.ts';

it('answers come in the order of the probes, with their endpoint and time', () => {
  const evidence = {
    video: { outcome: 'absent', at: 1000 },
    sessions: { outcome: 'present', at: 0, sessionId: 'of-a-participant' },
  } as const;
  expect(knownAnswers(evidence)).toEqual([
    { endpoint: 'sessionResults', status: 200, has_sessions: true, at: '1970-01-01T00:00:00.000Z' },
    { endpoint: 'videoDownloadUrl', status: 404, at: '1970-01-01T00:00:01.000Z' },
  ]);
});

it('an empty list of sessions is distinguished from others, and the id of a session is not shown', () => {
  const none = knownAnswers({ sessions: { outcome: 'present', at: 0, sessionId: null } });
  expect(none).toMatchObject([{ has_sessions: false }]);
  expect(JSON.stringify(knownAnswers({ sessions: { outcome: 'present', at: 0, sessionId: 'secret' } }))).not.toContain(
    'secret',
  );
});

it.each([
  [{ source: 'probed', rule: 'sessions-not-found', category: 'ClassicUT' }, /^sessionResults said 404: ClassicUT/],
  [{ source: 'probed', rule: 'no-sessions-yet', category: 'no sessions' }, /^sessionResults said 200 without sessions/],
  [
    { source: 'probed', rule: 'has-video', category: 'interaction test' },
    /^videoDownloadUrl said 200: interaction test/,
  ],
  [
    { source: 'probed', rule: 'no-other-data', category: 'survey' },
    /^videoDownloadUrl, qxScores, transcript all said 404: survey/,
  ],
  [
    { source: 'probed', rule: 'matrix-has-video', category: 'interaction test' },
    'videoDownloadUrl said 200: interaction test (video but no transcript available)',
  ],
  [
    { source: 'probed', rule: 'matrix-no-other-data', category: 'survey' },
    /^transcript, videoDownloadUrl, qxScores all said 404: survey/,
  ],
  [{ source: 'probed', rule: 'of-tomorrow', category: 'survey' }, /does not know/],
  [{ source: 'declared', rule: 'declared-WEB', category: 'ClassicUT' }, 'the listing says type WEB: ClassicUT'],
  [{ source: 'declared', rule: 'declared-STUDYV2-SURVEY', category: 'survey' }, /type STUDYV2 with productType SURVEY/],
  [{ source: 'imported', rule: 'imported', category: 'survey' }, /state files/],
] as const)('the rule behind %j is a sentence', (verdict, sentence) => {
  expect(ruleSays({ ...verdict, at: 0 })).toMatch(sentence);
});
