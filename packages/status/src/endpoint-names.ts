import type { ProbeName } from '@inventory/classification';

/** The probes as the Results API names them, in the order in which they are asked. */
export const endpointNames: Readonly<Record<ProbeName, string>> = {
  sessions: 'sessionResults',
  video: 'videoDownloadUrl',
  qx: 'qxScores',
  transcript: 'transcript',
};
