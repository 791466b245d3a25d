import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { Call, Endpoint } from './endpoints.ts';
import { wholeSeconds } from './library/generate.ts';
import type { Library } from './library/library.ts';
import type { SandboxTest } from './library/sandbox-test.ts';
import { hash32, isUuid } from './library/seeded.ts';

/** Where the tutorial and the reference show different forms, which of them the sandbox uses. */
export interface AnswerStyle {
  /** Shows `type` and `productType` in listings. */
  readonly metadata: boolean;
  /** `{studies: […]}` as in the tutorial, or the bare array of the reference. */
  readonly listing: 'object' | 'array';
  /** Session status `completed` and `testId` in each session (tutorial), or `COMPLETE` and one `testId` above (reference). */
  readonly sessions: 'tutorial' | 'reference';
}

interface Context {
  readonly library: Library;
  readonly style: AnswerStyle;
  /** Wall clock of the server, epoch ms. */
  readonly nowMs: number;
}

const PAGE_SIZE = 50;
const HOUR_MS = 3_600_000;
/** Sessions of a test that names no finish time ended this long ago at the latest, also on a machine with an old clock. */
const LONG_AGO_MS = 7 * 24 * HOUR_MS;

const RULES: Readonly<Record<Exclude<Endpoint, 'token'>, (call: Call, context: Context) => Answer>> = {
  workspaces: (_, { library }) => jsonAnswer(200, library.workspaces()),
  listing: listTests,
  sessionResults: listSessions,
  videoDownloadUrl,
  transcript,
  qxScores,
};

/** The answer of the API to a call with a good token, when no limit and no fault is in the way. */
export function answerCall(endpoint: Exclude<Endpoint, 'token'>, call: Call, context: Context): Answer {
  return RULES[endpoint](call, context);
}

/** The cursor of the study at a position counted from 1: the number in base64 without padding ("Mw" is 3). */
export function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64').replaceAll('=', '');
}

/** The position that a cursor means, or undefined for a text that is no cursor. */
export function positionOf(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  return /^\d{1,9}$/.test(text) && cursorOf(Number(text)) === cursor ? Number(text) : undefined;
}

/** One page of up to 50 tests of a workspace, after a cursor or from the start; an empty page after the last test. */
function listTests({ workspaceUuid, query }: Call, { library, style }: Context): Answer {
  if (!isUuid(workspaceUuid)) return errorAnswer('listing', 400, 'Not a valid UUID');
  const after = query.get('after');
  const from = after === null ? 0 : positionOf(after);
  if (from === undefined) return errorAnswer('listing', 400, 'Not a valid cursor');
  const tests = library.listing(workspaceUuid, from, PAGE_SIZE);
  if (!tests) return errorAnswer('listing', 404);
  const studies = tests.map(({ uuid, title, orderedAt, orderedBy, type, productType }, index) => {
    const metadata = style.metadata ? { type, productType } : {};
    return { cursor: cursorOf(from + index + 1), uuid, title, orderedAt, orderedBy, ...metadata };
  });
  return jsonAnswer(200, style.listing === 'array' ? studies : { studies });
}

/**
 * Sessions of a test, newest first. 404 for classic and unknown tests, 400 for a testId that is no UUID, an offset
 * outside 0–10000 or a limit outside 1–500; without limit 25.
 */
function listSessions({ testUuid, query }: Call, { library, style, nowMs }: Context): Answer {
  const offset = wholeNumber(query.get('offset') ?? '0', 0, 10_000);
  const limit = wholeNumber(query.get('limit') ?? '25', 1, 500);
  if (!isUuid(testUuid)) return errorAnswer('sessionResults', 400, 'testId must be a UUID');
  if (offset === undefined) return errorAnswer('sessionResults', 400, 'offset must be between 0 and 10000');
  if (limit === undefined) return errorAnswer('sessionResults', 400, 'limit must be between 1 and 500');
  const test = library.test(testUuid);
  if (!test || test.kind === 'classic') return errorAnswer('sessionResults', 404);

  const isTutorial = style.sessions === 'tutorial';
  const sessions = library.sessionIds(testUuid, offset, limit).map((sessionId, index) => ({
    sessionId,
    ...(isTutorial ? { testId: testUuid, status: 'completed' } : { audienceId: null, status: 'COMPLETE' }),
    ...sessionTimes(test, test.sessions - 1 - offset - index, nowMs),
  }));
  const meta = { pagination: { limit, offset, totalCount: test.sessions } };
  return jsonAnswer(200, isTutorial ? { sessions, meta } : { testId: testUuid, sessions, meta });
}

/** When session `number` of a test started and ended; later numbers started later. */
function sessionTimes(test: SandboxTest, number: number, nowMs: number): Readonly<Record<string, string | null>> {
  const orderedMs = Math.min(Date.parse(test.orderedAt), nowMs - LONG_AGO_MS - (test.sessions + 1) * HOUR_MS);
  const startMs = orderedMs + (number + 1) * HOUR_MS;
  const startTime = wholeSeconds(startMs);
  const { finishTime = wholeSeconds(startMs + HOUR_MS / 4) } = test;
  return finishTime === 'missing' ? { startTime } : { startTime, finishTime };
}

/** The address of a session's video, which holds `video-marker-<session>`. */
function videoDownloadUrl({ sessionId }: Call, { library, nowMs }: Context): Answer {
  if (!isUuid(sessionId)) return errorAnswer('videoDownloadUrl', 400, 'sessionId must be a UUID');
  if (!library.testOfSession(sessionId)?.offers.video) return errorAnswer('videoDownloadUrl', 404);
  const videoUrl = `https://videos.example.com/video-marker-${sessionId}.mp4?signature=video-marker-${sessionId}`;
  return jsonAnswer(200, { videoUrl, sessionId, expiresAt: new Date(nowMs + HOUR_MS).toISOString() });
}

/** A session's transcript in WebVTT, which holds `transcript-marker-<session>`. */
function transcript({ sessionId }: Call, { library }: Context): Answer {
  if (!isUuid(sessionId)) return errorAnswer('transcript', 400, 'sessionId must be a UUID');
  if (!library.testOfSession(sessionId)?.offers.transcript) return errorAnswer('transcript', 404);
  const body = [
    'WEBVTT',
    '',
    '00:00:01.000 --> 00:00:04.500',
    `I am looking for the button now. transcript-marker-${sessionId}`,
    '',
    '00:00:05.000 --> 00:00:09.250',
    'ここを押せばいいのかな。',
    '',
  ].join('\n');
  return { status: 200, headers: { 'content-type': 'text/vtt; charset=utf-8', 'accept-ranges': 'bytes' }, body };
}

/** A test's QX scores, with a label that holds `qx-marker-<test>`; 404 unless it has sessions and such scores. */
function qxScores({ testUuid }: Call, { library }: Context): Answer {
  if (!isUuid(testUuid)) return errorAnswer('qxScores', 400, 'testId must be a UUID');
  const test = library.test(testUuid);
  if (!test?.offers.qx || test.sessions === 0) return errorAnswer('qxScores', 404);
  const score = 40 + (hash32(library.seed, test.sessions, test.title.length) % 60);
  const task = {
    taskGroupId: testUuid,
    label: `qx-marker-${testUuid}`,
    qxScore: score,
    components: { behavioral: score, attitudinal: score },
    values: { behavioral: [score], usability: score, trust: score, appearance: score, loyalty: score },
  };
  return jsonAnswer(200, { testId: testUuid, qxScores: [task], meta: { totalQxTasks: 1, completes: test.sessions } });
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
