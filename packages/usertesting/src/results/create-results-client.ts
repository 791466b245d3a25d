import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { ProbeName } from '@inventory/classification';
import axios from 'axios';
import { TransientError } from '../errors.ts';
import { errorForFailure } from '../http/error-for-failure.ts';
import { readWhole, UnreadableBodyError } from '../http/read-whole.ts';
import { whereOf } from '../http/where-of.ts';
import { withDeadline } from '../http/with-deadline.ts';
import { type ProbeTarget, probeUrl } from './probe-url.ts';
import { type ProbeAnswer, readAnswer } from './read-answer.ts';

export interface ResultsClientOptions {
  readonly baseUrl: string;
  /** Time for one request from connecting to the last byte, ms; the media probes get at most 10 s of it. */
  readonly requestTimeoutMs: number;
  readonly userAgent?: string;
}

/** Asks the Results API: one call, one request, no retry, no redirect. The pace is the caller's. */
export interface ResultsClient {
  /**
   * @throws ThrottledError, UnauthorizedError, TransientError or RejectedError for everything but 200 and 404;
   * the signal's reason when the caller aborts.
   */
  ask(probe: ProbeName, target: ProbeTarget, token: string, signal?: AbortSignal): Promise<ProbeAnswer>;
  /** Closes the connections that are kept for reuse, and those in use. */
  close(): void;
}

const mediaMs = 10_000;
const sessionsBytes = 5_000_000;
const accept: Readonly<Record<ProbeName, string>> = {
  sessions: 'application/json',
  video: 'application/json',
  qx: 'application/json',
  transcript: 'text/vtt, application/json, */*',
};

/** A client with connections of its own; see {@link ResultsClient}. Proxies come from the environment, as axios does it. */
export function createResultsClient(options: ResultsClientOptions): ResultsClient {
  const { baseUrl, requestTimeoutMs, userAgent = 'usertesting-inventory' } = options;
  const httpAgent = new Agent({ keepAlive: true });
  const httpsAgent = new SecureAgent({ keepAlive: true });
  const http = axios.create({
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    responseType: 'stream',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    headers: { 'User-Agent': userAgent },
  });

  return {
    async ask(probe, target, token, signal) {
      const url = probeUrl(baseUrl, probe, target);
      const where = whereOf(url);
      const limitMs = probe === 'sessions' ? requestTimeoutMs : Math.min(mediaMs, requestTimeoutMs);
      const endsAt = performance.now() + limitMs;
      const headers = { Authorization: `Bearer ${token}`, Accept: accept[probe] };
      const decompress = probe === 'sessions';
      let status: number | null = null;
      const received = await withDeadline(limitMs, signal, async (deadline) => {
        const response = await http.get<Readable>(url, { headers, signal: deadline, decompress });
        status = response.status;
        const isEvidence = probe === 'sessions' && status === 200;
        return { response, text: isEvidence ? await readWhole(response.data, sessionsBytes) : null };
      }).catch((failure: unknown) => {
        signal?.throwIfAborted();
        if (!(failure instanceof UnreadableBodyError)) throw errorForFailure(failure, where, { status });
        throw new TransientError(`${where} answered 200, but ${failure.message}.`, 'invalid_response', { status });
      });
      const { response, text } = received;
      const leftMs = endsAt - performance.now();
      const answered = { status: response.status, headers: response.headers, body: response.data, text };
      return readAnswer({ ...answered, probe, where, token, leftMs });
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
