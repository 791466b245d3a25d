import type { Readable } from 'node:stream';
import type { ProbeName } from '@inventory/classification';
import type { ProxyAddress } from '@inventory/config';
import axios from 'axios';
import { TransientError } from '../errors.ts';
import { UnreadableBodyError } from '../http/body.ts';
import { openConnection } from '../http/connection.ts';
import { withDeadline } from '../http/deadline.ts';
import { errorForFailure } from '../http/failures.ts';
import { type ProbeTarget, probeUrl, whereOf } from '../http/urls.ts';
import { type ProbeAnswer, type Reply, readAnswer, readEvidence } from './answer.ts';
import type { NotFoundBody } from './bodies.ts';

export interface ResultsClientOptions {
  readonly baseUrl: string;
  /** The proxy to use; none unless given. */
  readonly proxy?: ProxyAddress | null;
  /** Which 404 is the API's; `json` unless given. */
  readonly notFoundBody?: NotFoundBody;
  /** Time for one request from connecting to the last byte, ms; the media probes get at most 10 s of it. */
  readonly requestTimeoutMs: number;
}

/** Asks the Results API: one call, one request, no retry, no redirect. The pace is the caller's. */
export interface ResultsClient {
  /**
   * @throws ForeignAnswerError for a 200 or 404 that is not the API's; ThrottledError, UnauthorizedError, TransientError or
   * RejectedError for everything else that is no answer; the signal's reason when the caller aborts.
   */
  ask(probe: ProbeName, target: ProbeTarget, token: string, signal?: AbortSignal): Promise<ProbeAnswer>;
  /** Closes all connections, used and unused. */
  close(): void;
}

const mediaMs = 10_000;
const json = { Accept: 'application/json' };
/** Of media the first bytes are read, which arrive soonest without compression. */
const plain = { 'Accept-Encoding': 'identity' };
const headersOf: Readonly<Record<ProbeName, Readonly<Record<string, string>>>> = {
  sessions: json,
  video: { ...json, ...plain },
  qx: { ...json, ...plain },
  transcript: { Accept: 'text/vtt, application/json, */*', ...plain },
};

/** A client with separate connections; see {@link ResultsClient}. */
export function createResultsClient(options: ResultsClientOptions): ResultsClient {
  const { baseUrl, proxy = null, notFoundBody = 'json', requestTimeoutMs } = options;
  const connection = openConnection({ proxy, connectMs: requestTimeoutMs });
  const http = axios.create({
    ...connection.config,
    responseType: 'stream',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    headers: { 'User-Agent': 'usertesting-inventory' },
  });

  return {
    async ask(probe, target, token, signal) {
      const url = probeUrl(baseUrl, probe, target);
      const where = whereOf(url);
      const limitMs = probe === 'sessions' ? requestTimeoutMs : Math.min(mediaMs, requestTimeoutMs);
      const endsAt = performance.now() + limitMs;
      const headers = { ...headersOf[probe], Authorization: `Bearer ${token}` };
      let status: number | null = null;
      const { reply, read } = await withDeadline(limitMs, signal, async (deadline) => {
        const response = await http.get<Readable>(url, { headers, signal: deadline });
        connection.check(response);
        status = response.status;
        const received = { status, headers: response.headers, body: response.data };
        const reply: Reply = { ...received, probe, where, token, notFoundBody };
        return { reply, read: await readEvidence(reply) };
      }).catch((failure: unknown) => {
        signal?.throwIfAborted();
        if (!(failure instanceof UnreadableBodyError)) throw errorForFailure(failure, where, { status });
        const message = `${where} answered ${status}, but the body is unusable: ${failure.message}.`;
        throw new TransientError(message, 'invalid_response', { status });
      });
      return readAnswer(reply, read, endsAt - performance.now());
    },
    close: () => connection.close(),
  };
}
