import { expect, it } from 'vitest';
import { ruleSays } from './rule-says.ts';

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
