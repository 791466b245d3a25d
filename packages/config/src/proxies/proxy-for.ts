import { bypassesProxy, isLoopback, serverOf } from './bypasses-proxy.ts';

/** A proxy that stands between us and a server. */
export interface ProxyAddress {
  /** The variable that names it, such as `HTTPS_PROXY`. */
  readonly variable: string;
  /** How it is spoken to itself. */
  readonly protocol: 'http:' | 'https:';
  /** Its name or address; one of IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Decoded; empty when there is none. */
  readonly user: string;
  /** Decoded; empty when there is none. A secret. */
  readonly password: string;
}

/** What a variable says is not the address of a proxy; a sentence without its value, which may hold a password. */
export interface ProxyProblem {
  readonly problem: string;
}

/** A variable's value by its name; empty or undefined when it is not given. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * The proxy for a URL: what `https_proxy` or `http_proxy` names, by the URL's scheme, else `all_proxy`; each in small
 * letters or, failing that, in capitals. None for a server that `no_proxy` takes out, nor for this machine itself.
 */
export function proxyFor(url: string, read: ReadVariable): ProxyAddress | ProxyProblem | null {
  const server = serverOf(url);
  if (isLoopback(server) || bypassesProxy(server, read('no_proxy') || read('NO_PROXY') || '')) return null;
  const scheme = new URL(url).protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const names = [scheme, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => read(name)?.trim());
  return variable === undefined ? null : readProxy(variable, (read(variable) ?? '').trim());
}

const expected =
  'expected http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ before HOST where it asks for them';

/** A value without a scheme means http, as everywhere. Source: curl's manual, "ENVIRONMENT". */
function readProxy(variable: string, value: string): ProxyAddress | ProxyProblem {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase() ?? 'http';
  if (scheme.startsWith('socks')) {
    return { problem: `${variable} names a SOCKS proxy, which is not supported: ${expected}.` };
  }
  const whole = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  const isBare = url !== null && url.hostname !== '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!isBare || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return { problem: `${variable} is not the address of a proxy: ${expected}.` };
  }
  const { protocol, hostname } = url;
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === null || password === null) {
    return { problem: `${variable} has a user or password with a stray %: write it as %25.` };
  }
  const port = url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { variable, protocol, hostname, port, user, password };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
