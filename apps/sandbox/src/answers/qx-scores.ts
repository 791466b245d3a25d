import type { Library } from '../library/library.ts';
import { hash32 } from '../library/seeded-hash.ts';
import { isUuid } from '../library/seeded-uuid.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { errorAnswer } from './error-answer.ts';

/** A test's QX scores, with a label that holds `qx-marker-<test>`; 404 unless it has sessions and such scores. */
export function qxScores(library: Library, testUuid: string): Answer {
  if (!isUuid(testUuid)) return errorAnswer('qxScores', 400, 'testId must be a UUID');
  const test = library.test(testUuid);
  if (!test?.offers.qx || test.sessions === 0) return errorAnswer('qxScores', 404);
  const score = 40 + (hash32(library.seed, test.sessions, test.title.length) % 60);
  const values = { behavioral: [score], usability: score, trust: score, appearance: score, loyalty: score };
  const task = {
    taskGroupId: testUuid,
    label: `qx-marker-${testUuid}`,
    qxScore: score,
    components: { behavioral: score, attitudinal: score },
    values,
  };
  return jsonAnswer(200, { testId: testUuid, qxScores: [task], meta: { totalQxTasks: 1, completes: test.sessions } });
}
