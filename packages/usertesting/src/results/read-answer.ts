import type { Readable } from 'node:stream';
import type { Answer, ProbeName } from '@inventory/classification';
import { TransientError } from '../errors.ts';
import { type Headers, headerValue } from '../headers/header-value.ts';
import { plainNumber } from '../headers/plain-number.ts';
import { type RateLimit, rateLimitOf } from '../headers/rate-limit-of.ts';
import { discard } from '../http/discard.ts';
import { errorBody } from '../http/error-body.ts';
import { errorForStatus } from '../http/error-for-status.ts';
import { readSome } from '../http/read-some.ts';
import { tokenId } from '../http/token-id.ts';
import { firstSessionId } from './first-session-id.ts';

/** What a probe said, with what the answer told about the account's allowance. */
export interface ProbeAnswer extends Pick<Answer, 'outcome' | 'sessionId' | 'finishedAt'> {
  readonly rateLimit: RateLimit | null;
}

/** An answer as it came, and what it answers. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  /** The whole body, where it is evidence: a 200 for `sessions`. */
  readonly text: string | null;
  readonly probe: ProbeName;
  readonly where: string;
  readonly token: string;
  /** Time left for reading an error's body, ms. */
  readonly leftMs: number;
}

const errorBodyBytes = 16_384;
const errorBodyMs = 1_000;

/**
 * Turns a status (and, for `sessions`, the first session) into evidence. Bodies of the media probes are
 * participants' data: they are dropped unread, with an error too.
 * @throws ThrottledError, UnauthorizedError, TransientError or RejectedError for everything but 200 and 404.
 */
export async function readAnswer(reply: Reply): Promise<ProbeAnswer> {
  const { status, headers, text, probe, where } = reply;
  const rateLimit = rateLimitOf(headers);
  if (status === 200 && text !== null) {
    const found = firstSessionId(text);
    if ('sessionId' in found) return { outcome: 'present', sessionId: found.sessionId, rateLimit };
    throw new TransientError(`${where} answered 200, but ${found.problem}.`, 'invalid_response', { status });
  }
  if (status !== 200 && status !== 404) {
    const body = probe === 'sessions' ? await readErrorBody(reply) : dropBody(reply);
    throw errorForStatus({ status, headers, body, where, tokenId: tokenId(reply.token) });
  }
  dropBody(reply);
  if (status === 200) return { outcome: 'present', rateLimit };
  return probe === 'sessions' ? { outcome: 'absent', sessionId: null, rateLimit } : { outcome: 'absent', rateLimit };
}

async function readErrorBody({ body, token, leftMs }: Reply): Promise<unknown> {
  const { text } = await readSome(body, errorBodyBytes, Math.max(0, Math.min(errorBodyMs, leftMs)));
  return errorBody(text, token);
}

function dropBody({ body, headers }: Reply): null {
  discard(body, plainNumber(headerValue(headers, 'content-length')));
  return null;
}
