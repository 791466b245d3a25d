import { droppedSession, type ProbeName } from '@inventory/classification';
import { RejectedError } from '../errors.ts';

/** What a probe is about; the session is needed for `video` and `transcript` only. */
export interface ProbeTarget {
  readonly testUuid: string;
  readonly sessionId: string | null;
}

/** The address of the list of workspaces. Source: the tutorial, step 1, as for {@link pageUrl}. */
export function workspacesUrl(baseUrl: string): string {
  return `${withoutSlash(baseUrl)}/usertesting/api/v1/workspaces`;
}

/**
 * The address of one page of a workspace.
 * @param after the cursor of the previous page, null for the first page
 * @throws RejectedError when an id cannot be part of an address.
 */
export function pageUrl(baseUrl: string, workspaceUuid: string, after: string | null): string {
  const query = after === null ? '' : `?after=${pathSegment(after, 'cursor')}`;
  return `${workspacesUrl(baseUrl)}/${pathSegment(workspaceUuid, 'workspace UUID')}${query}`;
}

/**
 * The address of one Results API question. Source: the tutorial, steps 2 and 3.
 * @throws RejectedError when an id cannot be part of an address.
 */
export function probeUrl(baseUrl: string, probe: ProbeName, { testUuid, sessionId }: ProbeTarget): string {
  const api = `${withoutSlash(baseUrl)}/api/v2`;
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

/** Host and path of a URL for messages: no query, no user name, no password, no session's id. */
export function whereOf(url: string): string {
  if (!URL.canParse(url)) return 'an invalid URL';
  const { host, pathname } = new URL(url);
  return withoutSessions(`${host}${pathname}`);
}

/** A text with `{session}` for the id of a session in an address of the Results API. */
export function withoutSessions(text: string): string {
  return text.replace(/(\/sessionResults(?:\/|%2F))[^/\s"'?#<>]+/gi, `$1${droppedSession}`);
}

/**
 * Whether an id can be part of a URL: `.` and `..` would name another path, half a surrogate pair cannot be encoded.
 */
export function isUsableId(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= 2_000 && id.isWellFormed();
}

function pathSegment(id: string | null, what: string): string {
  if (id !== null && isUsableId(id)) return encodeURIComponent(id);
  throw new RejectedError(`The ${what} cannot be part of a URL, so it was not sent.`, 'unclassified_error');
}

function withoutSlash(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}
