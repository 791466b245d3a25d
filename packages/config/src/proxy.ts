import { BlockList, isIP } from 'node:net';

/** A proxy between this machine and a server. */
export interface ProxyAddress {
  /** The variable that names it, such as `HTTPS_PROXY`. */
  readonly variable: string;
  /** How the proxy itself is reached. */
  readonly protocol: 'http:' | 'https:';
  /** Its name or address; one of IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Decoded; empty when there is none. */
  readonly user: string;
  /** Decoded; empty when there is none. A secret. */
  readonly password: string;
}

/** What is wrong with a variable; a sentence without its value, which may hold a password. */
interface ProxyProblem {
  readonly problem: string;
}

/**
 * The proxy for a URL: what `https_proxy` or `http_proxy` names, by the URL's scheme, else `all_proxy`; each in lower
 * case or, failing that, in upper case. None for a server that `no_proxy` excludes, nor for this machine, whose
 * address would mean the proxy's own machine to it.
 * @param read gives a variable's value; empty or undefined when it is not set
 */
export function proxyFor(url: string, read: (name: string) => string | undefined): ProxyAddress | ProxyProblem | null {
  const server = serverOf(url);
  if (isLoopback(server) || bypassesProxy(server, read('no_proxy') || read('NO_PROXY') || '')) return null;
  const scheme = new URL(url).protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const names = [scheme, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => read(name)?.trim());
  return variable === undefined ? null : readProxy(variable, (read(variable) ?? '').trim());
}

const expected = 'expected http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ before HOST where it needs them';

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
  return { variable, protocol, hostname, port: portOf(url.port, protocol), user, password };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The server of a URL; `host` in lower case, without brackets and without a dot at its end. */
interface Server {
  readonly host: string;
  readonly port: number;
}

function serverOf(url: string): Server {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return { host, port: portOf(port, protocol) };
}

function portOf(port: string, protocol: string): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

/** Whether a request to this address can be read on the way: plain http to a server that is not this machine. */
export function isExposed(url: string): boolean {
  return new URL(url).protocol === 'http:' && !isLoopback(serverOf(url));
}

function isLoopback({ host }: Server): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
  );
}

/**
 * Whether `NO_PROXY` excludes a server. It is read as curl reads it: names and their subdomains, with or without a dot
 * in front, addresses and networks (CIDR), separated by commas or spaces; `*` is every server. `NAME:PORT` means that
 * port only, and `*.NAME` the same as `NAME`. Anything else matches no server.
 */
function bypassesProxy(server: Server, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, server));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `[2001:db8::1]:8080` or `name:8080`. Any other entry has no port, such as an IPv6 address without brackets. */
const withPort = /^(?<host>\[[^\]]*\]|[^:]*):(?<port>\d{1,5})$/;

function matches(entry: string, server: Server): boolean {
  if (entry === '*') return true;
  const { host = entry, port } = withPort.exec(entry)?.groups ?? {};
  if (port !== undefined && Number(port) !== server.port) return false;
  return isIP(server.host) === 0 ? matchesName(host, server.host) : matchesAddress(host, server.host);
}

function matchesName(entry: string, host: string): boolean {
  const name = entry.replace(/^\*?\./, '').replace(/\.$/, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

function matchesAddress(entry: string, host: string): boolean {
  const [address = '', bits, ...rest] = entry.replace(/[[\]]/g, '').split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const most = version === 4 ? 32 : 128;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(bits ?? most), version === 4 ? 'ipv4' : 'ipv6');
  return network.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
