import type { Library, SandboxTest } from '@inventory/sandbox';

/** Results API requests that a test costs at least: 1 ClassicUT or no sessions, 2 video, 3 QX, 4 otherwise. */
function costOf({ kind, sessions, offers }: SandboxTest): number {
  if (kind === 'classic' || sessions === 0) return 1;
  if (offers.video) return 2;
  return offers.qx ? 3 : 4;
}

/** The least possible number of Results API requests for these tests. */
export function leastRequestsFor(tests: Iterable<SandboxTest>): number {
  return [...tests].reduce((sum, test) => sum + costOf(test), 0);
}

/** The least possible number of Results API requests for a whole library. */
export function leastRequests(library: Library): number {
  return leastRequestsFor(library.tests());
}
