import type { ProxyAddress } from '@inventory/config';

/** No connection to the server came about, because of the proxy on the way. Its message holds no user and no password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError' as const;
  readonly code = 'ERR_PROXY' as const;

  constructor({ hostname, port }: ProxyAddress, what: string, cause?: unknown) {
    super(`the proxy at ${hostname}:${port} ${what}`, { cause });
  }
}

/** A refusal in the proxy's own words: the status it gave instead of passing the request on. */
export function proxyRefusal(proxy: ProxyAddress, refused: 'tunnel' | 'request', status: number): ProxyError {
  const advice = status === 407 ? `: check the user and password in ${proxy.variable}` : '';
  return new ProxyError(proxy, `refused the ${refused} (${status})${advice}`);
}
