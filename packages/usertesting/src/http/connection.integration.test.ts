import { Agent, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { inspect } from 'node:util';
import type { ProxyAddress } from '@inventory/config';
import axios from 'axios';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Certificates, makeCertificates } from '../../../../test/support/certificates.ts';
import { type ForwardProxy, forwardProxy, refusal } from '../../../../test/support/forward-proxy.ts';
import { startRelay } from '../../../../test/support/relay.ts';
import { ApiError, TokenEndpointDownError } from '../errors.ts';
import { createListingClient } from '../listing/listing-client.ts';
import { readServerClock } from '../listing/server-clock.ts';
import { createResultsClient } from '../results/results-client.ts';
import { tokenBench } from '../tokens/token-bench.test.ts';
import { type AnsweringServer, answeringServer } from './answering-server.test.ts';
import { openConnection } from './connection.ts';

let certificates: Certificates;
const endings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  // The authority of these certificates is in no store; whom they are for is looked at in test/proxies.system.test.ts.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  certificates = await makeCertificates((work) => endings.push(work));
  return async () => {
    vi.unstubAllEnvs();
    for (const end of endings) await end();
  };
});

const target = { testUuid: 't1', sessionId: 's1' };
const addressOf = ({ port }: { port: number }, more: Partial<ProxyAddress> = {}): ProxyAddress => {
  const nobody = { user: '', password: '' };
  return { variable: 'HTTPS_PROXY', protocol: 'http:', hostname: '127.0.0.1', port, ...nobody, ...more };
};

/** An API that says "no sessions" to everything, with and without TLS, and a proxy; all end with the test. */
async function world(refuse?: Parameters<typeof forwardProxy>[0]): Promise<{
  api: AnsweringServer;
  proxy: ForwardProxy;
  secure: string;
  plain: string;
}> {
  const api = await answeringServer((response) => void response.end('{"sessions":[]}'));
  const relay = await startRelay({ to: Number(new URL(api.url).port), afterTest: onTestFinished, certificates });
  const proxy = await forwardProxy(refuse);
  for (const each of [api, proxy]) onTestFinished(() => each[Symbol.asyncDispose]());
  const plain = `http://api.test:${new URL(api.url).port}`;
  return { api, proxy, plain, secure: `https://api.test:${relay.port}` };
}

/** Asks for the sessions of a test so many times with one client; gives answers and errors. */
async function ask(
  baseUrl: string,
  proxy: ProxyAddress | null,
  times = 1,
  requestTimeoutMs = 5_000,
): Promise<unknown[]> {
  const client = createResultsClient({ baseUrl, proxy, requestTimeoutMs });
  const heard: unknown[] = [];
  for (let count = 0; count < times; count += 1) {
    heard.push(await client.ask('sessions', target, 'token-abcdef').catch((error: unknown) => error));
  }
  client.close();
  return heard;
}

const answered = { outcome: 'present', sessionId: null, rateLimit: null };

describe('a proxy on the way to an https server', () => {
  it('gives one tunnel, which is used for all requests, and sees nothing of them', async () => {
    const { api, proxy, secure } = await world();
    const named = addressOf(proxy, { user: 'some@one', password: 'p#s/s%:ü' });
    expect(await ask(secure, named, 3)).toEqual([answered, answered, answered]);
    expect(api.seen).toHaveLength(3);
    expect(proxy.seen).toHaveLength(1);
    const credentials = Buffer.from('some@one:p#s/s%:ü').toString('base64');
    expect(proxy.seen[0]).toMatchObject({
      method: 'CONNECT',
      target: new URL(secure).host,
      headers: { 'proxy-authorization': `Basic ${credentials}` },
    });
    expect(inspect(proxy.seen)).not.toContain('token-abcdef');
  });

  it.each(['404 No such domain', '403 Forbidden', '503 Service Unavailable', '200', '302 Found'])(
    'that answers %s to CONNECT without a tunnel gives no answer of the server',
    async (status) => {
      const { api, proxy, secure } = await world(() => refusal(status, '{"sessions":[]}'));
      const [error] = await ask(secure, addressOf(proxy, { password: 'a-password' }));
      expect(error).toMatchObject({ name: 'TransientError', type: 'network_error', status: null, body: null });
      if (status !== '200') {
        const words = `the proxy at 127.0.0.1:${proxy.port} refused the tunnel (${status.slice(0, 3)})`;
        expect(error).toMatchObject({ message: expect.stringContaining(words) });
      }
      expect(inspect(error, { depth: 9 })).not.toMatch(/a-password|token-abcdef/);
      expect(api.seen).toEqual([]);
    },
  );

  it('that requires credentials is reported with the variable to set', async () => {
    const { proxy, secure } = await world(() => refusal('407 Proxy Authentication Required'));
    const [error] = await ask(secure, addressOf(proxy));
    expect(String(error)).toContain('refused the tunnel (407): check the user and password in HTTPS_PROXY');
  });

  it('that is down is named, not the server', async () => {
    const [error] = await ask('https://api.test', addressOf({ port: 9 }));
    expect(error).toMatchObject({ type: 'network_error' });
    expect(String(error)).toContain(
      'No connection to api.test/api/v2/sessionResults: the proxy at 127.0.0.1:9 gives no',
    );
  });

  it('that never answers is abandoned after the time for one request', async () => {
    const { proxy, secure } = await world(() => 'never');
    const [error] = await ask(secure, addressOf(proxy), 1, 300);
    expect(error).toMatchObject({ type: 'network_error', status: null });
    await expect.poll(() => proxy.connections()).toBe(0);
  });

  it('that refuses once is asked again by the listing and the token request only', async () => {
    const { api, proxy, secure } = await world((_, nth) => (nth % 2 === 0 ? refusal('404 No such domain') : null));
    await using bench = await tokenBench();
    const shared = { proxy: addressOf(proxy), logger: bench.logger, firstDelayMs: 10, requestTimeoutMs: 5_000 };
    const listing = createListingClient({ baseUrl: secure, tokens: bench.keeper(), ...shared });
    expect(await listing.page('w', null).catch(String)).toContain('neither a list of studies');
    expect(api.seen).not.toEqual([]);
    const keeper = bench.keeper({ tokenUrl: `${secure}/token`, proxy: addressOf(proxy), retries: 2 });
    expect(await keeper.current().catch(String)).toContain('no usable access_token');
  });

  it('that keeps refusing is no refusal of the credentials', async () => {
    const { api, proxy, secure } = await world(() => refusal('403 Forbidden'));
    await using bench = await tokenBench();
    const keeper = bench.keeper({ tokenUrl: `${secure}/token`, proxy: addressOf(proxy), retries: 1 });
    const error = await keeper.current().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenEndpointDownError);
    expect(String(error)).toMatch(/refused the tunnel \(403\)/);
    expect(String(error)).not.toContain('CLIENT_SECRET');
    expect(proxy.seen).toHaveLength(2);
    expect(api.seen).toEqual([]);
  });

  it('may itself require TLS', async () => {
    const { api, proxy, secure } = await world();
    const relay = await startRelay({ to: proxy.port, afterTest: onTestFinished, certificates });
    expect(await ask(secure, addressOf(relay, { protocol: 'https:' }), 2)).toEqual([answered, answered]);
    expect(api.seen).toHaveLength(2);
    expect(proxy.seen).toHaveLength(1);
  });

  it('is used to read the clock of the server too', async () => {
    const { proxy, secure } = await world();
    const options = { baseUrl: secure, proxy: addressOf(proxy), timeoutMs: 5_000 };
    expect(Math.abs((await readServerClock(options)) ?? 1e9)).toBeLessThan(5_000);
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('a proxy on the way to an http server', () => {
  it('gets whole URLs, over one connection', async () => {
    const { api, proxy, plain } = await world();
    expect(await ask(plain, addressOf(proxy, { user: 'u', password: 'p' }), 3)).toEqual([answered, answered, answered]);
    expect(api.seen).toHaveLength(3);
    expect(proxy.seen.map(({ target: url }) => url)).toEqual(
      Array(3).fill(`${plain}/api/v2/sessionResults?testId=t1&offset=0&limit=10`),
    );
    expect(proxy.seen[2]?.headers).toMatchObject({
      authorization: 'Bearer token-abcdef',
      'proxy-authorization': 'Basic dTpw',
    });
    expect(proxy.everConnected()).toBe(1);
  });

  it('carries a token request', async () => {
    await using bench = await tokenBench();
    const proxy = await forwardProxy();
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const tokenUrl = bench.endpoint.url.replace('127.0.0.1', 'api.test');
    expect(await bench.keeper({ tokenUrl, proxy: addressOf(proxy) }).current()).toMatchObject({
      accessToken: 'fresh-1',
    });
    expect(bench.endpoint.seen[0]?.body).toContain('client_secret=very-secret');
  });

  it('that requires credentials gives no answer of the server', async () => {
    const { proxy, plain } = await world(() => refusal('407 Proxy Authentication Required', '{}'));
    const [error] = await ask(plain, addressOf(proxy));
    expect(error).toMatchObject({ type: 'network_error', status: null });
    expect(String(error)).toContain('refused the request (407)');
  });

  it('whose own page says 404 gives no answer of the server', async () => {
    const { proxy, plain } = await world(() => refusal('404 Not Found', '<html>no such host</html>'));
    const [error] = await ask(plain, addressOf(proxy));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ name: 'ForeignAnswerError', status: 404 });
  });
});

it('an answer to an https request that did not come over TLS is no answer', async () => {
  const server = createServer((_, response) => void response.writeHead(404).end('{}'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  class CarelessAgent extends Agent {
    override createConnection = () => connect(port, '127.0.0.1');
    protocol = 'https:';
  }
  const connection = openConnection({ proxy: null, connectMs: 1_000 });
  const careless = { ...connection.config, httpsAgent: new CarelessAgent(), validateStatus: () => true };
  const response = await axios.get('https://api.test/', careless);
  expect(response.status).toBe(404);
  expect(() => connection.check(response)).toThrow('did not come over TLS');
});
