import type { Readable } from 'node:stream';
import type { Answer, ProbeName } from '@inventory/classification';
import { ForeignAnswerError, TransientError } from '../errors.ts';
import { type Headers, headerValue } from '../headers/header-value.ts';
import { plainNumber } from '../headers/plain-number.ts';
import { type RateLimit, rateLimitOf } from '../headers/rate-limit-of.ts';
import { discard } from '../http/discard.ts';
import { errorBody } from '../http/error-body.ts';
import { errorForStatus } from '../http/error-for-status.ts';
import { readSome } from '../http/read-some.ts';
import { type BodyStart, readUntil } from '../http/read-until.ts';
import { readWhole } from '../http/read-whole.ts';
import { tokenId } from '../http/token-id.ts';
import { firstSession } from './first-session.ts';
import {
  foreignMedia,
  foreignNotFound,
  mediaBytes,
  type NotFoundBody,
  notFoundBytes,
  tellsWhose,
} from './own-words.ts';

/** What a probe said, with what the answer told about the account's allowance. */
export interface ProbeAnswer extends Pick<Answer, 'outcome' | 'sessionId' | 'finishedAt'> {
  readonly rateLimit: RateLimit | null;
}

/** An answer as it came, and what it answers. */
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
 * Reads as much of a body as tells whose answer it is and, for `sessions`, what it says; null where only the status counts.
 * @throws UnreadableBodyError, and the stream's error when the connection is cut before that.
 */
export async function readEvidence({ status, body, probe, notFoundBody }: Reply): Promise<BodyStart | null> {
  if (status === 404 && notFoundBody === 'json') return readUntil(body, { maxBytes: notFoundBytes });
  if (status !== 200) return null;
  if (probe === 'sessions') return { text: await readWhole(body, sessionsBytes), whole: true };
  return readUntil(body, { maxBytes: mediaBytes, isEnough: tellsWhose });
}

/**
 * Turns an answer into evidence. Bodies of the media probes are participants' data: nothing of them is kept, with an
 * error neither.
 * @param read what {@link readEvidence} gave
 * @param leftMs time left for reading an error's body
 * @throws ForeignAnswerError for a 200 or 404 that is not the API's; ThrottledError, UnauthorizedError, TransientError or
 * RejectedError for everything else.
 */
export async function readAnswer(reply: Reply, read: BodyStart | null, leftMs: number): Promise<ProbeAnswer> {
  const { status, headers, probe, where } = reply;
  const rateLimit = rateLimitOf(headers);
  if (status === 200 && read !== null) {
    if (probe === 'sessions') return { ...readSessions(reply, read.text), rateLimit };
    const foreign = foreignMedia(probe, read);
    dropBody(reply);
    if (foreign === null) return { outcome: 'present', rateLimit };
    const message = `${where} answered 200, but not in the API's form (${foreign}): a 200 that is not the API's.`;
    throw new ForeignAnswerError(`${message} ${advice}`, { status });
  }
  if (status === 404) {
    const foreign = read === null ? null : foreignNotFound(read);
    dropBody(reply);
    if (foreign !== null) throw notFoundElsewhere(reply, foreign, read?.text ?? '');
    return probe === 'sessions' ? { outcome: 'absent', sessionId: null, rateLimit } : { outcome: 'absent', rateLimit };
  }
  const body = probe === 'sessions' ? await readErrorBody(reply, leftMs) : dropBody(reply);
  throw errorForStatus({ status, headers, body, where, tokenId: tokenId(reply.token) });
}

const advice = 'A proxy, gateway or firewall may have given it: check what stands between this machine and the API.';

function readSessions({ where, status }: Reply, text: string): Omit<ProbeAnswer, 'rateLimit'> {
  const found = firstSession(text, Date.now());
  if ('sessionId' in found) return { outcome: 'present', ...found };
  throw new TransientError(`${where} answered 200, but ${found.problem}.`, 'invalid_response', { status });
}

function notFoundElsewhere({ where, status, probe, token }: Reply, form: string, text: string): ForeignAnswerError {
  const message = `${where} answered 404, but not in the API's form (${form}): a 404 that is not the API's.`;
  const body = probe === 'sessions' ? errorBody(text, token) : null;
  const setting = "If these are the API's own words, set NOT_FOUND_BODY=any.";
  return new ForeignAnswerError(`${message} ${advice} ${setting}`, { status, body });
}

async function readErrorBody({ body, token }: Reply, leftMs: number): Promise<unknown> {
  const { text } = await readSome(body, errorBodyBytes, Math.max(0, Math.min(errorBodyMs, leftMs)));
  return errorBody(text, token);
}

function dropBody({ body, headers }: Reply): null {
  discard(body, plainNumber(headerValue(headers, 'content-length')));
  return null;
}
