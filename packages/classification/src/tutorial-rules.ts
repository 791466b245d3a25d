import { noSessionsYet, type ProbingRules, sessionsNotFound } from './probing-rules.ts';

/** The tutorial's rules ("Step 2" and "Step 3"), which also give the order of the probes. */
export const tutorialRules: ProbingRules = {
  rows: [
    sessionsNotFound,
    noSessionsYet,
    {
      name: 'has-video',
      probe: 'video',
      says: 'present',
      category: 'interaction test',
      because: 'video available',
    },
    {
      name: 'has-qx-scores',
      probe: 'qx',
      says: 'present',
      category: 'interaction test',
      because: 'QX scores available',
    },
    {
      name: 'has-transcript',
      probe: 'transcript',
      says: 'present',
      category: 'think-out-loud test',
      because: 'transcript available',
    },
  ],
  otherwise: { name: 'no-other-data', category: 'survey', because: 'no other data available' },
};
