import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ProxyAddress } from '@inventory/config';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { plainCause } from './plain-cause.ts';
import { ProxyError, proxyRefusal } from './proxy-error.ts';

export interface ProxyAgentOptions {
  readonly proxy: ProxyAddress;
  /** How long the proxy has for a tunnel, ms. */
  readonly connectMs: number;
  /** How long an unused connection is kept, ms; as long as the server keeps it unless said otherwise. */
  readonly idleMs?: number;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * Asks https servers through tunnels of a proxy, which are kept for reuse. The agent it stands on gives what a proxy
 * answers to CONNECT as the server's answer; here anything but 200 is a failed connection.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #address: ProxyAddress;
  readonly #connectMs: number;

  constructor({ proxy, connectMs, idleMs }: ProxyAgentOptions) {
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
    // A request that is given up does not end the wait for its tunnel.
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), this.#connectMs);
    this.connectOpts = { ...this.connectOpts, signal: tooLong.signal };
    // Without this, the certificate of a server that is asked by address would be held against the proxy's name.
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
    throw proxyRefusal(this.#address, 'tunnel', status);
  }
}

/** Asks http servers through a proxy, by requests that name the whole URL. */
export class ForwardAgent extends HttpProxyAgent<string> {
  readonly #address: ProxyAddress;

  constructor({ proxy, idleMs }: ProxyAgentOptions) {
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

function unreachable(proxy: ProxyAddress, error: unknown): ProxyError {
  const { code, message } = plainCause(error);
  return new ProxyError(proxy, `gives no connection (${code || message})`, error);
}

function originOf({ protocol, hostname, port }: ProxyAddress): string {
  return `${protocol}//${hostname}:${port}`;
}

/** User and password stay out of the address, which the agents write into their debug output. */
function authorization({ user, password }: ProxyAddress): Record<string, string> {
  if (user === '' && password === '') return {};
  return { 'Proxy-Authorization': `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
