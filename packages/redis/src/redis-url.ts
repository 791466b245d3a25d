import { RedisUrlError } from './errors.ts';

/** Address of one Redis or Sentinel process. */
interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is and how to log in; an empty `username` or `password` means none. */
export interface RedisTarget {
  readonly kind: 'single' | 'socket' | 'sentinel' | 'cluster';
  /** The addresses to begin with; empty for a socket. */
  readonly nodes: readonly RedisNode[];
  /** Path of the Unix socket; empty for the other kinds. */
  readonly socketPath: string;
  /** Sentinel's name of the master; empty for the other kinds. */
  readonly masterName: string;
  readonly username: string;
  readonly password: string;
  readonly db: number;
  readonly tls: boolean;
}

const nowhere: RedisTarget = {
  kind: 'single',
  nodes: [],
  socketPath: '',
  masterName: '',
  username: '',
  password: '',
  db: 0,
  tls: false,
};

const escapes = 'Characters such as / # ? @ , % in a name or password are written %2F %23 %3F %40 %2C %25.';

/** The target that is a Unix socket of this machine. */
export function socketTarget(socketPath: string): RedisTarget {
  return { ...nowhere, kind: 'socket', socketPath };
}

/**
 * Reads `REDIS_URL`: `redis://` and `rediss://` (TLS), `redis+sentinel://login@host:port,…/mastername/db`
 * (`rediss+sentinel://` for TLS), a comma-separated list of cluster nodes, or the absolute path of a Unix socket.
 * @throws RedisUrlError whose message repeats nothing of the URL, since any part of it may be a password.
 */
export function parseRedisUrl(url: string): RedisTarget {
  if (url.startsWith('/')) return socketTarget(url);
  const scheme = /^(rediss?)(\+sentinel)?:\/\//.exec(url);
  if (scheme === null) {
    throw new RedisUrlError('REDIS_URL must begin with redis://, rediss:// or redis+sentinel://.');
  }
  const tls = scheme[1] === 'rediss';
  const rest = url.slice(scheme[0].length);
  if (scheme[2] !== undefined) return { ...parseSentinel(rest), tls };
  const parts = rest.split(',').map((part) => parseServer(part.replace(/^rediss?:\/\//, ''), 6379));
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return { ...first, tls };
  if (parts.some(({ db }) => db !== 0)) {
    throw new RedisUrlError('REDIS_URL names a database number, but a Redis Cluster only has database 0.');
  }
  const login = parts.find(({ password }) => password !== '') ?? nowhere;
  return { ...login, kind: 'cluster', nodes: parts.flatMap(({ nodes }) => nodes), tls };
}

/** Where Redis is, for people: addresses without user name and password. */
export function describeTarget({ kind, nodes, socketPath, masterName, db, tls }: RedisTarget): string {
  if (kind === 'socket') return socketPath;
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const scheme = tls ? 'rediss' : 'redis';
  if (kind === 'sentinel') return `${scheme}+sentinel://${hosts}/${masterName}/${db}`;
  return kind === 'cluster' ? `cluster ${scheme}://${hosts}` : `${scheme}://${hosts}/${db}`;
}

function parseSentinel(text: string): RedisTarget {
  const found = /^(?:([^@]*)@)?([^@/]+)\/([^@/]+)(?:\/(\d+))?\/?$/.exec(text);
  if (found === null) {
    throw new RedisUrlError(
      `REDIS_URL for Sentinel must look like redis+sentinel://user:password@host:26379,host:26379/mastername/0. ${escapes}`,
    );
  }
  const [, login, hosts = '', masterName = '', db = '0'] = found;
  const servers = hosts.split(',').map((host) => parseServer(host, 26_379));
  const { username, password } = parseServer(login === undefined ? 'host' : `${login}@host`, 6379);
  const nodes = servers.flatMap((server) => server.nodes);
  return { ...nowhere, kind: 'sentinel', nodes, masterName: decoded(masterName), username, password, db: Number(db) };
}

/** @param text what follows the scheme: `user:password@host:port/db`. */
function parseServer(text: string, defaultPort: number): RedisTarget {
  const url = URL.canParse(`redis://${text}`) ? new URL(`redis://${text}`) : null;
  if (url === null || url.hostname === '' || url.search !== '' || url.hash !== '' || url.port === '0') {
    throw new RedisUrlError(`REDIS_URL must look like redis://user:password@host:6379/0. ${escapes}`);
  }
  if (!/^\/?\d{0,5}$/.test(url.pathname)) {
    throw new RedisUrlError(`REDIS_URL must end with a database number, or with nothing after the port. ${escapes}`);
  }
  return {
    ...nowhere,
    nodes: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort) }],
    username: decoded(url.username),
    password: decoded(url.password),
    db: Number(url.pathname.slice(1)),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError(`REDIS_URL has a % that is not followed by two hexadecimal digits. ${escapes}`);
  }
}
