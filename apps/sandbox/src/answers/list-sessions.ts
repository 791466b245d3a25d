import type { Library } from '../library/library.ts';
import type { SandboxTest } from '../library/sandbox-test.ts';
import { isIdentifier } from '../read-call.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { AnswerStyle } from './answer-style.ts';
import { errorAnswer } from './error-answer.ts';

/** When session `number` of a test started and ended; later numbers started later. */
function sessionTimes(test: SandboxTest, number: number): { startTime: string; finishTime: string } {
  const startMs = Date.parse(test.orderedAt) + (number + 1) * 3_600_000;
  const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { startTime: text(startMs), finishTime: text(startMs + 900_000) };
}

/**
 * Sessions of a test, newest first. 404 for classic and unknown tests, 400 for a testId that is no UUID, an offset
 * outside 0–10000 or a limit outside 1–500; without limit 25.
 */
export function listSessions(library: Library, query: URLSearchParams, style: AnswerStyle): Answer {
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
    const times = sessionTimes(test, test.sessions - 1 - offset - index);
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
