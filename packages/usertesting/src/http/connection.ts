import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { TLSSocket } from 'node:tls';
import { AxiosError, type AxiosResponse } from 'axios';
import { ForwardAgent, type ProxyAgentOptions, TunnelAgent } from './proxy-agents.ts';
import { proxyRefusal } from './proxy-error.ts';

export interface ConnectionOptions extends Omit<ProxyAgentOptions, 'proxy'> {
  /** The proxy on the way, null for none. */
  readonly proxy: ProxyAgentOptions['proxy'] | null;
}

/** How axios gets to a server, as part of its config. */
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
  /** Closes the connections that are kept for reuse, and those in use. */
  close(): void;
}

/**
 * Connections of their own for one server, kept for reuse. axios' handling of proxies is off: it takes a proxy's answer
 * to CONNECT for the server's. Redirects are not followed, so what is sent goes nowhere else.
 */
export function openConnection({ proxy, ...times }: ConnectionOptions): Connection {
  const direct = { keepAlive: true, ...(times.idleMs !== undefined && { timeout: times.idleMs }) };
  const httpAgent = proxy === null ? new Agent(direct) : new ForwardAgent({ proxy, ...times });
  const httpsAgent = proxy === null ? new SecureAgent(direct) : new TunnelAgent({ proxy, ...times });
  return {
    config: { proxy: false, maxRedirects: 0, httpAgent, httpsAgent },
    check(response) {
      if (isSecure(response) && !cameOverTls(response)) {
        throw failed(response, new Error('the answer did not come over TLS'));
      }
      if (proxy !== null && response.status === 407) throw failed(response, proxyRefusal(proxy, 'request', 407));
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function isSecure({ config }: AxiosResponse): boolean {
  return /^https:/i.test(config.url ?? '');
}

function cameOverTls({ request }: AxiosResponse): boolean {
  return request.socket instanceof TLSSocket;
}

function failed({ config, request }: AxiosResponse, cause: Error): AxiosError {
  request.destroy();
  return AxiosError.from(cause, undefined, config, request);
}
