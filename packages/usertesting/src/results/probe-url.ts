import type { ProbeName } from '@inventory/classification';
import { pathSegment } from '../http/path-segment.ts';

/** What a probe is about; the session is needed for `video` and `transcript` only. */
export interface ProbeTarget {
  readonly testUuid: string;
  readonly sessionId: string | null;
}

/**
 * The address of one Results API question. Source: the tutorial, steps 2 and 3.
 * @throws RejectedError when an id cannot be part of an address.
 */
export function probeUrl(baseUrl: string, probe: ProbeName, { testUuid, sessionId }: ProbeTarget): string {
  const api = `${baseUrl.replace(/\/+$/, '')}/api/v2`;
  const test = () => pathSegment(testUuid, 'test UUID');
  const session = () => pathSegment(sessionId, 'session ID');
  switch (probe) {
    case 'sessions':
      return `${api}/sessionResults?testId=${test()}&offset=0&limit=10`;
    case 'video':
      return `${api}/sessionResults/${session()}/videoDownloadUrl`;
    case 'qx':
      return `${api}/testResults/${test()}/qxScores`;
    case 'transcript':
      return `${api}/sessionResults/${session()}/transcript`;
  }
}
