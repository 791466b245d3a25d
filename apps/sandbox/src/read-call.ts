import type { Endpoint } from './endpoint.ts';
import { isUuid } from './library/seeded-uuid.ts';

/** What a request asks for, as its method and address say it. UUIDs are in lower case. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly query: URLSearchParams;
  readonly workspaceUuid?: string;
  readonly testUuid?: string;
  readonly sessionId?: string;
}

/** Where tokens come from; the path of the tutorial. */
export const TOKEN_PATH = '/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token';

const WORKSPACES = '/usertesting/api/v1/workspaces';
const PER_SESSION = /^\/api\/v2\/sessionResults\/([^/]+)\/(videoDownloadUrl|transcript)$/;
const QX_SCORES = /^\/api\/v2\/testResults\/([^/]+)\/qxScores$/;
const LISTING = /^\/usertesting\/api\/v1\/workspaces\/([^/]+)$/;

/** The call that a method and an address make, or undefined when the API has no such address. */
export function readCall(method: string, url: URL): Call | undefined {
  const { pathname, searchParams: query } = url;
  if (method === 'POST') return pathname === TOKEN_PATH ? { endpoint: 'token', query } : undefined;
  if (method !== 'GET') return undefined;
  if (pathname === WORKSPACES) return { endpoint: 'workspaces', query };
  if (pathname === '/api/v2/sessionResults' || pathname === '/api/v2/sessionResults/') {
    const testUuid = query.get('testId')?.toLowerCase();
    return testUuid === undefined
      ? { endpoint: 'sessionResults', query }
      : { endpoint: 'sessionResults', query, testUuid };
  }
  const [, workspaceUuid] = LISTING.exec(pathname) ?? [];
  if (workspaceUuid) return { endpoint: 'listing', query, workspaceUuid: workspaceUuid.toLowerCase() };
  const [, testUuid] = QX_SCORES.exec(pathname) ?? [];
  if (testUuid) return { endpoint: 'qxScores', query, testUuid: testUuid.toLowerCase() };
  const [, sessionId, medium] = PER_SESSION.exec(pathname) ?? [];
  if (!sessionId) return undefined;
  const endpoint = medium === 'transcript' ? 'transcript' : 'videoDownloadUrl';
  return { endpoint, query, sessionId: sessionId.toLowerCase() };
}

/** Whether an identifier in the address has the form of a UUID; absent identifiers do not. */
export function isIdentifier(text: string | undefined): text is string {
  return text !== undefined && isUuid(text);
}
