import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FaultBoard } from './faults/fault-board.ts';
import type { Library } from './library/library.ts';
import type { SlidingWindow } from './limiter/sliding-window.ts';
import { TOKEN_PATH } from './read-call.ts';
import type { LoggedRequest } from './requests/request-log.ts';
import { type RequestStatistics, requestStatistics } from './requests/request-statistics.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { createState } from './server/create-state.ts';
import { deliverAnswer } from './server/deliver-answer.ts';
import { handleRequest, internalError } from './server/handle-request.ts';
import type { Latency } from './server/latency.ts';

/** A sandbox that is listening. */
export interface Sandbox {
  /** The API's base URL, without a slash at the end. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly library: Library;
  readonly limiter: SlidingWindow;
  readonly faults: FaultBoard;
  /** All requests since the start or the last reset, in the order of their arrival; later changes are not shown in it. */
  requests(): readonly LoggedRequest[];
  resetRequests(): void;
  statistics(): RequestStatistics;
  /** Makes every token handed out so far worthless. */
  revokeTokens(): void;
  /** How many tokens were handed out. */
  tokensIssued(): number;
  /** In ms. */
  setLatency(latency: Latency): void;
  setTokenLife(seconds: number): void;
  /** How far the clock that answers show is ahead, in ms; negative = behind. */
  setClockSkew(ms: number): void;
  /** Ends the server and breaks all connections, also those that hang. */
  close(): Promise<void>;
}

/** Longer than clients keep idle connections, so that only faults reset them. */
const KEEP_ALIVE_MS = 120_000;

/** Starts a sandbox on 127.0.0.1 and a free port unless the options say otherwise. Rejects when it can't listen there. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const state = createState(options);
  const host = options.host ?? '127.0.0.1';
  const answer: RequestListener = (request, response) => {
    handleRequest(state, request, response).catch((error: unknown) => {
      if (!response.headersSent) deliverAnswer(response, internalError(error), 'whole');
    });
  };
  const common = { keepAliveTimeout: KEEP_ALIVE_MS };
  const { tls } = options;
  const server = tls
    ? createTlsServer({ ...common, key: tls.key, cert: tls.certificate }, answer)
    : createServer(common, answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url,
    tokenUrl: `${url}${TOKEN_PATH}`,
    clientId: state.client.clientId,
    clientSecret: state.client.clientSecret,
    library: state.library,
    limiter: state.limiter,
    faults: state.faults,
    requests: () => state.log.all(),
    resetRequests: () => state.log.reset(),
    statistics: () => requestStatistics(state.log.all()),
    revokeTokens: () => state.tokens.revokeAll(),
    tokensIssued: () => state.tokens.issued(),
    setLatency(latency) {
      state.latency = latency;
    },
    setTokenLife(seconds) {
      state.tokenLifeSeconds = seconds;
    },
    setClockSkew(ms) {
      state.clockSkewMs = ms;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
