import { Agent, type ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate, TLSSocket } from 'node:tls';
import type { ProxyAddress } from '@inventory/config';
import { AxiosError, type AxiosResponse } from 'axios';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { plainCause } from './failures.ts';

export interface ConnectionOptions {
  /** The proxy to use, null for none. */
  readonly proxy: ProxyAddress | null;
  /** How long the proxy has for a tunnel, ms. */
  readonly connectMs: number;
  /** How long an unused connection is kept, ms; as long as the server keeps it unless given. */
  readonly idleMs?: number;
}

/** How axios reaches a server, as part of its config. */
export interface Connection {
  readonly config: {
    readonly proxy: false;
    readonly maxRedirects: 0;
    readonly httpAgent: Agent;
    readonly httpsAgent: Agent;
  };
  /**
   * Makes sure that an answer is the server's: that of an https server came over TLS, and 407 is a proxy's by definition.
   * @throws AxiosError without a response, as for any connection that failed.
   */
  check(response: AxiosResponse): void;
  /** Closes all connections, used and unused. */
  close(): void;
}

/**
 * Separate connections for one server, kept for reuse. axios' handling of proxies is off: it takes a proxy's answer
 * to CONNECT for the server's. Redirects are not followed, so what is sent goes nowhere else.
 */
export function openConnection({ proxy, ...times }: ConnectionOptions): Connection {
  const direct = { keepAlive: true, ...(times.idleMs !== undefined && { timeout: times.idleMs }) };
  const httpAgent = proxy === null ? new Agent(direct) : new ForwardAgent({ proxy, ...times });
  const httpsAgent = proxy === null ? new SecureAgent(direct) : new TunnelAgent({ proxy, ...times });
  return {
    config: { proxy: false, maxRedirects: 0, httpAgent, httpsAgent },
    check(response) {
      const isSecure = /^https:/i.test(response.config.url ?? '');
      if (isSecure && !(response.request.socket instanceof TLSSocket)) {
        throw failed(response, new Error('the answer did not come over TLS'));
      }
      if (proxy !== null && response.status === 407) throw failed(response, refusal(proxy, 'request', 407));
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function failed({ config, request }: AxiosResponse, cause: Error): AxiosError {
  request.destroy();
  return AxiosError.from(cause, undefined, config, request);
}

type ProxyOptions = ConnectionOptions & { readonly proxy: ProxyAddress };
type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * Reaches https servers through tunnels of a proxy, which are kept for reuse. The agent it extends gives a proxy's answer
 * to CONNECT as the server's answer; here anything but 200 is a failed connection.
 */
class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #address: ProxyAddress;
  readonly #connectMs: number;

  constructor({ proxy, connectMs, idleMs }: ProxyOptions) {
    super(originOf(proxy), { keepAlive: true, headers: authorization(proxy) });
    if (idleMs !== undefined) this.options.timeout = idleMs;
    this.#address = proxy;
    this.#connectMs = connectMs;
  }

  /** @throws ProxyError when there is no tunnel. */
  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const { host = '' } = options;
    let status = 200;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    // Abandoning a request does not end the wait for its tunnel.
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), this.#connectMs);
    this.connectOpts = { ...this.connectOpts, signal: tooLong.signal };
    // Without this, the certificate of a server that is named by address would be checked against the proxy's name.
    const identify = (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
    try {
      const socket = await super.connect(request, { ...options, checkServerIdentity: identify } as ConnectOptions);
      if (status === 200) return socket;
      socket.destroy();
    } catch (error) {
      throw unreachable(this.#address, error);
    } finally {
      clearTimeout(timer);
    }
    throw refusal(this.#address, 'tunnel', status);
  }
}

/** Reaches http servers through a proxy, by requests that name the whole URL. */
class ForwardAgent extends HttpProxyAgent<string> {
  readonly #address: ProxyAddress;

  constructor({ proxy, idleMs }: ProxyOptions) {
    super(originOf(proxy), { keepAlive: true, headers: authorization(proxy) });
    if (idleMs !== undefined) this.options.timeout = idleMs;
    this.#address = proxy;
  }

  /** @throws ProxyError when the proxy cannot be reached. */
  override async connect(...of: Parameters<HttpProxyAgent<string>['connect']>): Promise<Socket> {
    try {
      return await super.connect(...of);
    } catch (error) {
      throw unreachable(this.#address, error);
    }
  }
}

/** There is no connection to the server because of the proxy. Its message contains no user and no password. */
class ProxyError extends Error {
  override readonly name = 'ProxyError' as const;
  readonly code = 'ERR_PROXY' as const;

  constructor({ hostname, port }: ProxyAddress, what: string, cause?: unknown) {
    super(`the proxy at ${hostname}:${port} ${what}`, { cause });
  }
}

/** The proxy answered itself, with this status, instead of passing the request on. */
function refusal(proxy: ProxyAddress, refused: 'tunnel' | 'request', status: number): ProxyError {
  const advice = status === 407 ? `: check the user and password in ${proxy.variable}` : '';
  return new ProxyError(proxy, `refused the ${refused} (${status})${advice}`);
}

function unreachable(proxy: ProxyAddress, error: unknown): ProxyError {
  const { code, message } = plainCause(error);
  return new ProxyError(proxy, `gives no connection (${code || message})`, error);
}

function originOf({ protocol, hostname, port }: ProxyAddress): string {
  return `${protocol}//${hostname}:${port}`;
}

/** User and password stay out of the address, which the agents write to their debug output. */
function authorization({ user, password }: ProxyAddress): Record<string, string> {
  if (user === '' && password === '') return {};
  return { 'Proxy-Authorization': `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
