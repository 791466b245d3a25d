import { BlockList, isIP } from 'node:net';

/** The server a request goes to; `host` without brackets and in lower case, as {@link serverOf} gives it. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

/** The server that a URL names. */
export function serverOf(url: string): Server {
  const { hostname, port, protocol } = new URL(url);
  return { host: plainHost(hostname), port: port === '' ? standardPort(protocol) : Number(port) };
}

/** Whether a server is this machine: such a one is never asked through a proxy, which would look for it at its own. */
export function isLoopback({ host }: Server): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
  );
}

/**
 * Whether `NO_PROXY` takes a server out. It is read as curl reads it: names and their subdomains, with or without a dot
 * in front, addresses and networks (CIDR), parted by commas or spaces; `*` is every server. `NAME:PORT` means that port
 * only, and `*.NAME` the same as `NAME`. What is none of these fits no server.
 */
export function bypassesProxy(server: Server, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && fits(entry, server));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `[2001:db8::1]:8080`, `name:8080`, or either without a port; an IPv6 address without brackets has none. */
const withPort = /^(?<host>\[[^\]]*\]|[^:]*):(?<port>\d{1,5})$/;

function fits(entry: string, server: Server): boolean {
  if (entry === '*') return true;
  const { host = entry, port } = withPort.exec(entry)?.groups ?? {};
  if (port !== undefined && Number(port) !== server.port) return false;
  return isIP(server.host) === 0 ? fitsName(host, server.host) : fitsAddress(host, server.host);
}

function fitsName(entry: string, host: string): boolean {
  const name = entry.replace(/^\*?\./, '').replace(/\.$/, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

function fitsAddress(entry: string, host: string): boolean {
  const [address = '', bits, ...rest] = entry.replace(/[[\]]/g, '').split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const most = version === 4 ? 32 : 128;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(bits ?? most), version === 4 ? 'ipv4' : 'ipv6');
  return network.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function standardPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}
