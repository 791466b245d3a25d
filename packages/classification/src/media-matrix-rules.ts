import { noSessionsYet, type ProbingRules, sessionsNotFound } from './probing-rules.ts';

/**
 * Rules after the API reference's table of which product has which data: videos have interaction tests, think-out-loud
 * tests and live conversations, so a video tells none of them; transcripts have the latter two, QX scores only
 * interaction tests. The transcript is therefore asked for before the video. No probe tells a live conversation from a
 * think-out-loud test; only a listing does.
 */
export const mediaMatrixRules: ProbingRules = {
  rows: [
    sessionsNotFound,
    noSessionsYet,
    {
      name: 'matrix-has-transcript',
      probe: 'transcript',
      says: 'present',
      category: 'think-out-loud test',
      because: 'transcript available',
    },
    {
      name: 'matrix-has-video',
      probe: 'video',
      says: 'present',
      category: 'interaction test',
      because: 'video but no transcript available',
    },
    {
      name: 'matrix-has-qx-scores',
      probe: 'qx',
      says: 'present',
      category: 'interaction test',
      because: 'QX scores but no transcript available',
    },
  ],
  otherwise: { name: 'matrix-no-other-data', category: 'survey', because: 'no other data available' },
};
