import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { jsonAnswer } from './answer.ts';
import { deliver } from './deliver.ts';
import { TOKEN_PATH } from './endpoints.ts';
import type { FaultBoard } from './fault-board.ts';
import { handleRequest } from './handle-request.ts';
import type { Library } from './library/library.ts';
import type { SlidingWindow } from './limiter.ts';
import { type LoggedRequest, type RequestStatistics, requestStatistics } from './request-log.ts';
import { createState, type Latency, type SandboxOptions } from './state.ts';

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
  /** Ends the server and breaks all connections, also those that hang. */
  close(): Promise<void>;
}

/** Longer than clients keep idle connections, so that only faults reset them. */
const KEEP_ALIVE_MS = 120_000;

/** Starts a sandbox on 127.0.0.1 and a free port unless the options say otherwise. Rejects when it can't listen there. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port: wantedPort = 0, tls } = options;
  const state = createState(options);
  const { library, limiter, faults, log, tokens, client } = state;
  const answer: RequestListener = (request, response) => {
    handleRequest(state, request, response).catch((error: unknown) => {
      // The sandbox itself has a bug, or the request's body never came.
      if (!response.headersSent) deliver(response, jsonAnswer(500, { error: `sandbox: ${error}` }));
    });
  };
  const common = { keepAliveTimeout: KEEP_ALIVE_MS };
  const server = tls
    ? createTlsServer({ ...common, key: tls.key, cert: tls.certificate }, answer)
    : createServer(common, answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wantedPort, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url,
    tokenUrl: `${url}${TOKEN_PATH}`,
    ...client,
    library,
    limiter,
    faults,
    requests: log.all,
    resetRequests: log.reset,
    statistics: () => requestStatistics(log.all()),
    revokeTokens: tokens.revokeAll,
    tokensIssued: tokens.issued,
    setLatency(latency) {
      state.latency = latency;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
