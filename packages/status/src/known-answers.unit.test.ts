import { expect, it } from 'vitest';
import { knownAnswers } from './known-answers.ts';

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

it('a list without sessions is told from one with sessions, and no id is told', () => {
  const none = knownAnswers({ sessions: { outcome: 'present', at: 0, sessionId: null } });
  expect(none).toMatchObject([{ has_sessions: false }]);
  expect(JSON.stringify(knownAnswers({ sessions: { outcome: 'present', at: 0, sessionId: 'secret' } }))).not.toContain(
    'secret',
  );
});
