import type { Endpoint } from '../endpoint.ts';
import type { Library } from '../library/library.ts';
import type { Call } from '../read-call.ts';
import type { Answer } from './answer.ts';
import type { AnswerStyle } from './answer-style.ts';
import { listSessions } from './list-sessions.ts';
import { listTests } from './list-tests.ts';
import { listWorkspaces } from './list-workspaces.ts';
import { qxScores } from './qx-scores.ts';
import { transcript } from './transcript.ts';
import { videoDownloadUrl } from './video-download-url.ts';

interface Context {
  readonly library: Library;
  readonly style: AnswerStyle;
  /** Wall clock of the server, epoch ms. */
  readonly nowMs: number;
}

type Rule = (call: Call, context: Context) => Answer;

const RULES: Readonly<Record<Exclude<Endpoint, 'token'>, Rule>> = {
  workspaces: (_, { library }) => listWorkspaces(library),
  listing: ({ workspaceUuid = '', query }, { library, style }) =>
    listTests(library, workspaceUuid, query.get('after'), style),
  sessionResults: ({ query }, { library, style, nowMs }) => listSessions(library, query, style, nowMs),
  videoDownloadUrl: ({ sessionId = '' }, { library, nowMs }) => videoDownloadUrl(library, sessionId, nowMs),
  transcript: ({ sessionId = '' }, { library }) => transcript(library, sessionId),
  qxScores: ({ testUuid = '' }, { library }) => qxScores(library, testUuid),
};

/** The answer of the API to a call with a good token, when no limit and no fault is in the way. */
export function answerCall(endpoint: Exclude<Endpoint, 'token'>, call: Call, context: Context): Answer {
  return RULES[endpoint](call, context);
}
