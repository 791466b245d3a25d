import { cursorOf, positionOf } from '../library/cursor.ts';
import type { Library } from '../library/library.ts';
import type { SandboxTest } from '../library/sandbox-test.ts';
import { isUuid } from '../library/seeded-uuid.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { AnswerStyle } from './answer-style.ts';
import { errorAnswer } from './error-answer.ts';

const PAGE_SIZE = 50;

/** One page of up to 50 tests of a workspace, after a cursor or from the start; an empty page after the last test. */
export function listTests(library: Library, uuid: string, after: string | null, style: AnswerStyle): Answer {
  if (!isUuid(uuid)) return errorAnswer('listing', 400, 'Not a valid UUID');
  const from = after === null ? 0 : positionOf(after);
  if (from === undefined) return errorAnswer('listing', 400, 'Not a valid cursor');
  const tests = library.listing(uuid, from, PAGE_SIZE);
  if (!tests) return errorAnswer('listing', 404);
  const studies = tests.map((test, index) => study(test, from + index + 1, style.metadata));
  return jsonAnswer(200, style.listing === 'array' ? studies : { studies });
}

function study(test: SandboxTest, position: number, metadata: boolean) {
  const { uuid, title, orderedAt, orderedBy, type, productType } = test;
  const shown = metadata ? { type, productType } : {};
  return { cursor: cursorOf(position), uuid, title, orderedAt, orderedBy, ...shown };
}
