import { codeOf } from '@inventory/files';
import { RedisUnavailableError } from './errors.ts';
import { describeTarget, type RedisTarget } from './redis-url.ts';

/** Why Redis cannot be used. All but `away` and `loading` last until the settings or Redis change. */
type Trouble =
  | 'away'
  | 'loading'
  | 'password'
  | 'permission'
  | 'writes'
  | 'memory'
  | 'scripts'
  | 'tls'
  | 'database'
  | 'no-cluster'
  | 'sentinel';

const patterns: readonly (readonly [RegExp, Trouble])[] = [
  [/^LOADING/, 'loading'],
  [/^(NOAUTH|WRONGPASS)|invalid password|invalid username/i, 'password'],
  [/^NOPERM|user executing the script can't|ACL failure in script/, 'permission'],
  [/\b(MISCONF|READONLY|NOREPLICAS|MASTERDOWN)\b/, 'writes'],
  [/\bOOM command not allowed/, 'memory'],
  [/(unknown|unsupported|disabled) command.*\beval/i, 'scripts'],
  [/DB index|SELECT is not allowed/i, 'database'],
  [/cluster support disabled/i, 'no-cluster'],
  [/^All sentinels are unreachable/, 'sentinel'],
  [/certificate|ERR_TLS|ERR_SSL|EPROTO|SSL routines|_CERT|CERT_/i, 'tls'],
];

/** What an ioredis error means; unknown ones count as `away`, which is worth another try. */
export function connectionTrouble(error: unknown): Trouble {
  const { code, message } = rootOf(error);
  return patterns.find(([pattern]) => pattern.test(message) || pattern.test(code))?.[1] ?? 'away';
}

/** Whether waiting cannot help. */
export function isHopeless(error: unknown): boolean {
  return !['away', 'loading', 'sentinel'].includes(connectionTrouble(error));
}

const longestReason = 110;

/** What happened in a few words (an error code or Redis's own words), without a password. */
export function shortReason(error: unknown, { password }: RedisTarget): string {
  const { code, message } = rootOf(error);
  const words =
    code !== '' ? code : message.replace(/^All sentinels are unreachable.*Last error: /, '').slice(0, longestReason);
  return password === '' ? words : words.replaceAll(password, '[secret]');
}

/**
 * The error for users: what is wrong with Redis and what to do. It keeps no `cause`, because ioredis attaches the
 * arguments of the failed command, hence the password, to its errors.
 */
export function unavailable(error: unknown, target: RedisTarget): RedisUnavailableError {
  const where = describeTarget(target);
  const reason = shortReason(error, target);
  const sentences: Record<Trouble, string> = {
    away: `Redis at ${where} does not answer (${reason}). Check that it runs and that REDIS_URL is right; ${target.tls ? 'if it speaks no TLS, use redis://' : 'if it expects TLS, use rediss://'}.`,
    loading: `Redis at ${where} is still loading its data. Try again when it is done.`,
    password: `Redis at ${where} ${target.password === '' ? 'asks for a password' : 'refuses the user name or password'}. Put the right ones into REDIS_URL, as in redis://user:password@host:port.`,
    permission: `Redis at ${where} does not let this user work (${reason}). Give the user of REDIS_URL access to all commands and keys of its prefix.`,
    writes: `Redis at ${where} answers, but takes no writes (${reason.split('. ')[0]}). ${adviceForWrites(reason)}`,
    memory: `Redis at ${where} is full: it takes no writes until it has more memory (maxmemory) or fewer keys.`,
    scripts: `Redis at ${where} does not run Lua scripts (EVAL and EVALSHA), which the queue is made of. Allow these commands, or point REDIS_URL to another Redis.`,
    tls: `No TLS connection to Redis at ${where} (${reason}). Use redis:// if it speaks no TLS; for your own certificate, start with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.`,
    database: `Redis at ${where} has no database ${target.db} (${reason}). Change the number at the end of REDIS_URL.`,
    'no-cluster': `Redis at ${where} is not a cluster. Give REDIS_URL one address instead of a list.`,
    sentinel: `No Sentinel of ${where} names a reachable master (${reason}). Check that they run and that "${target.masterName}" is the master's name.`,
  };
  return new RedisUnavailableError(sentences[connectionTrouble(error)]);
}

function adviceForWrites(reason: string): string {
  if (!reason.includes('MISCONF')) return 'Put the address of its master into REDIS_URL, and check its replicas.';
  return 'It could not save its data (MISCONF): make room on its disk and give it the right to write there, then look into its log.';
}

/** The error of a cluster wraps that of a node, which says what is wrong. */
function rootOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return rootOf(error.lastNodeError);
  return { code: codeOf(error), message: error.message };
}
