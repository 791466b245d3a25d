import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { deliver, jsonAnswer } from './answer.ts';
import { TOKEN_PATH } from './endpoints.ts';
import { handleRequest } from './handle-request.ts';
import { requestStatistics } from './request-log.ts';
import { createState, type Latency, type SandboxOptions } from './state.ts';

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Longer than clients keep idle connections, so that only faults reset connections. */
const KEEP_ALIVE_MS = 120_000;

/** Starts a sandbox on 127.0.0.1 and a free port unless the options say otherwise. Rejects when it can't listen there. */
export async function startSandbox(options: SandboxOptions = {}) {
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
    /** The API's base URL, without a slash at the end. */
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
    setLatency(latency: Latency) {
      state.latency = latency;
    },
    /** Ends the server and breaks all connections, also those that hang. */
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
