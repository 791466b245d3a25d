import type { Library } from '../library/library.ts';
import type { SandboxTest } from '../library/sandbox-test.ts';
import { isIdentifier } from '../read-call.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { AnswerStyle } from './answer-style.ts';
import { errorAnswer } from './error-answer.ts';

const HOUR_MS = 3_600_000;
/** Sessions of a test that names no finish time ended this long ago at the latest, also on a machine with an old clock. */
const LONG_AGO_MS = 7 * 24 * HOUR_MS;

/** When session `number` of a test started and ended; later numbers started later. */
function sessionTimes(test: SandboxTest, number: number, nowMs: number): Readonly<Record<string, string | null>> {
  const orderedMs = Math.min(Date.parse(test.orderedAt), nowMs - LONG_AGO_MS - (test.sessions + 1) * HOUR_MS);
  const startMs = orderedMs + (number + 1) * HOUR_MS;
  const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const startTime = text(startMs);
  const { finishTime = text(startMs + HOUR_MS / 4) } = test;
  return finishTime === 'missing' ? { startTime } : { startTime, finishTime };
}

/**
 * Sessions of a test, newest first. 404 for classic and unknown tests, 400 for a testId that is no UUID, an offset
 * outside 0–10000 or a limit outside 1–500; without limit 25. `nowMs` is the wall clock, epoch ms.
 */
export function listSessions(library: Library, query: URLSearchParams, style: AnswerStyle, nowMs: number): Answer {
  const testUuid = query.get('testId')?.toLowerCase();
  const offset = wholeNumber(query.get('offset') ?? '0', 0, 10_000);
  const limit = wholeNumber(query.get('limit') ?? '25', 1, 500);
  if (!isIdentifier(testUuid)) return errorAnswer('sessionResults', 400, 'testId must be a UUID');
  if (offset === undefined) return errorAnswer('sessionResults', 400, 'offset must be between 0 and 10000');
  if (limit === undefined) return errorAnswer('sessionResults', 400, 'limit must be between 1 and 500');
  const test = library.test(testUuid);
  if (!test || test.kind === 'classic') return errorAnswer('sessionResults', 404);

  const ids = library.sessionIds(testUuid, offset, limit);
  const sessions = ids.map((sessionId, index) => {
    const times = sessionTimes(test, test.sessions - 1 - offset - index, nowMs);
    return style.sessions === 'tutorial'
      ? { sessionId, testId: testUuid, status: 'completed', ...times }
      : { sessionId, audienceId: null, status: 'COMPLETE', ...times };
  });
  const meta = { pagination: { limit, offset, totalCount: test.sessions } };
  return jsonAnswer(200, style.sessions === 'tutorial' ? { sessions, meta } : { testId: testUuid, sessions, meta });
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
