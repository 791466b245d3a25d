import type { Library } from '../library/library.ts';
import { isUuid } from '../library/seeded-uuid.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './error-answer.ts';

/** A session's transcript in WebVTT, which holds `transcript-marker-<session>`. */
export function transcript(library: Library, sessionId: string): Answer {
  if (!isUuid(sessionId)) return errorAnswer('transcript', 400, 'sessionId must be a UUID');
  if (!library.session(sessionId)?.test.offers.transcript) return errorAnswer('transcript', 404);
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
