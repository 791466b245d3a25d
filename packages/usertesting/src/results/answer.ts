import type { Readable } from 'node:stream';
import type { Answer, ProbeName } from '@inventory/classification';
import { TransientError } from '../errors.ts';
import { type BodyStart, discard, errorBody, readSome, readStart, readWhole } from '../http/body.ts';
import { errorForStatus, foreignAnswer } from '../http/failures.ts';
import { contentLength, type Headers, type RateLimit, rateLimitOf } from '../http/headers.ts';
import { firstSession, foreignNotFound, type NotFoundBody, notFoundBytes } from './bodies.ts';
import { foreignMedia, isEnoughOfMedia, mediaBytes } from './media.ts';

/** The API's answer to a probe, and what it says about the account's allowance. */
export interface ProbeAnswer extends Pick<Answer, 'outcome' | 'sessionId' | 'finishedAt'> {
  readonly rateLimit: RateLimit | null;
}

/** A response as received, and what it answers. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  readonly probe: ProbeName;
  readonly where: string;
  readonly token: string;
  readonly notFoundBody: NotFoundBody;
}

const sessionsBytes = 5_000_000;
const errorBodyBytes = 16_384;
const errorBodyMs = 1_000;

/**
 * Reads as much of a body as shows whose answer it is and, for `sessions`, its content; null where only the status counts.
 * @throws UnreadableBodyError, and the stream's error when the connection is cut before that.
 */
export async function readEvidence({ status, body, probe, notFoundBody }: Reply): Promise<BodyStart | null> {
  if (status === 404 && notFoundBody === 'json') return readStart(body, { maxBytes: notFoundBytes });
  if (status !== 200) return null;
  if (probe === 'sessions') return { text: await readWhole(body, sessionsBytes), whole: true };
  return readStart(body, { maxBytes: mediaBytes, isEnough: isEnoughOfMedia });
}

/**
 * Turns a response into evidence. Bodies of the media probes are participants' data: nothing of them is kept, not even
 * with an error.
 * @param read what {@link readEvidence} gave
 * @param leftMs time left for reading an error's body
 * @throws ForeignAnswerError for a 200 or 404 that is not the API's; ThrottledError, UnauthorizedError, TransientError or
 * RejectedError for everything else.
 */
export async function readAnswer(reply: Reply, read: BodyStart | null, leftMs: number): Promise<ProbeAnswer> {
  const { status, headers, body, probe, where, token } = reply;
  const rateLimit = rateLimitOf(headers);
  const isSessions = probe === 'sessions';
  if (status === 200 && read !== null) {
    if (isSessions) return { outcome: 'present', ...readSessions(reply, read.text), rateLimit };
    discard(body, contentLength(headers));
    const form = foreignMedia(probe, read);
    if (form !== null) throw foreignAnswer({ status, where, form });
    return { outcome: 'present', rateLimit };
  }
  if (status === 404) {
    discard(body, contentLength(headers));
    const form = read === null ? null : foreignNotFound(read);
    if (form === null) return { outcome: 'absent', ...(isSessions && { sessionId: null }), rateLimit };
    const advice = "If these are the API's own words, set NOT_FOUND_BODY=any.";
    throw foreignAnswer({ status, where, form, body: isSessions ? errorBody(read?.text ?? '', token) : null, advice });
  }
  if (!isSessions) discard(body, contentLength(headers));
  const maxMs = Math.max(0, Math.min(errorBodyMs, leftMs));
  const text = isSessions ? await readSome(body, { maxBytes: errorBodyBytes, maxMs }) : '';
  throw errorForStatus({ status, headers, body: errorBody(text, token), where, token });
}

function readSessions({ where, status }: Reply, text: string): Omit<ProbeAnswer, 'outcome' | 'rateLimit'> {
  const found = firstSession(text, Date.now());
  if ('sessionId' in found) return found;
  throw new TransientError(`${where} answered 200, but ${found.problem}.`, 'invalid_response', { status });
}
