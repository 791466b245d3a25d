import type { Library, ResultsEndpoint, SandboxTest } from '@inventory/sandbox';

/** The Results endpoints that have to be asked about a test, in their order: no more are needed, and no fewer do. */
export function neededProbes({ kind, sessions, offers }: SandboxTest): readonly ResultsEndpoint[] {
  if (kind === 'classic' || sessions === 0) return ['sessionResults'];
  if (offers.video) return ['sessionResults', 'videoDownloadUrl'];
  if (offers.qx) return ['sessionResults', 'videoDownloadUrl', 'qxScores'];
  return ['sessionResults', 'videoDownloadUrl', 'qxScores', 'transcript'];
}

/** The least possible number of Results API requests for these tests. */
export function leastRequestsFor(tests: Iterable<SandboxTest>): number {
  return [...tests].reduce((sum, test) => sum + neededProbes(test).length, 0);
}

/** The least possible number of Results API requests for a whole library. */
export function leastRequests(library: Library): number {
  return leastRequestsFor(library.tests());
}
