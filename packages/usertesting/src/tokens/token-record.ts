import { createHash } from 'node:crypto';
import { type Keyspace, LuaScript } from '@inventory/redis';
import { z } from 'zod';

/** An access token as the processes of an account share it. */
export interface Token {
  readonly accessToken: string;
  /** Epoch seconds, as in `.env`. */
  readonly expiresAt: number;
  /** How many tokens have been shared in Redis for this account, this one included. */
  readonly generation: number;
  /** When it was requested, epoch ms. */
  readonly obtainedAt: number;
  /** From then to its expiry, ms. */
  readonly lifetimeMs: number;
}

/**
 * What a bearer token is made of: a b64token. Anything else is no token: in a `.env` that a shell reads it might be a
 * command. Source: RFC 6750, 2.1.
 */
export const b64token = /^[\w.~+/-]+=*$/;

const refreshBeforeMs = 300_000;

/** Whether the token has not expired at `nowMs` (epoch ms). */
export function isValid({ expiresAt }: Token, nowMs: number): boolean {
  return expiresAt * 1000 > nowMs;
}

/**
 * When to replace a token (epoch ms): five minutes before it expires, or at half its lifetime when that is less than ten
 * minutes.
 */
export function refreshDueAt({ expiresAt, obtainedAt, lifetimeMs }: Token): number {
  return lifetimeMs < 2 * refreshBeforeMs ? obtainedAt + lifetimeMs / 2 : expiresAt * 1000 - refreshBeforeMs;
}

/** What distinguishes the tokens of one account from those of another; the secret is no part of it. */
export interface TokenOwner {
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly scope: string;
}

/** What the processes of an account share about its token. */
interface SharedToken {
  /** Null when Redis has none. */
  readonly token: Token | null;
  /** The newest generation that was accepted by the API. */
  readonly accepted: number;
  /** Whether a fresh token has been refused since the last success. */
  readonly refusals: boolean;
}

// Each script does the same when it is sent again. Fields of the record: the token's, `obtained` (how many came from the
// token endpoint), `accepted` (the newest generation that was accepted) and `refusedFirst`, `refusedLast` (the oldest and
// newest fresh generation refused since the last success).

/** How much longer than its token the record is kept, ms, and how long at most: Redis takes no longer times. */
const recordMarginMs = 3_600_000;
const longestRecordMs = 366 * 86_400_000;

/**
 * Saves a token as generation ARGV[1] + 1, unless a generation newer than ARGV[1] is there. The record ends by itself after
 * ARGV[7] ms of Redis' own clock, which may differ from the clock that tells when the token expires.
 */
const save = new LuaScript(`
local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
if generation <= tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'generation', ARGV[1] + 1, 'accessToken', ARGV[2], 'expiresAt', ARGV[3],
    'obtainedAt', ARGV[4], 'lifetimeMs', ARGV[5])
  if ARGV[6] == 'given' then redis.call('HSET', KEYS[1], 'accepted', ARGV[1] + 1)
  else redis.call('HINCRBY', KEYS[1], 'obtained', 1) end
  redis.call('PEXPIRE', KEYS[1], ARGV[7])
end
return 1
`);

/** Notes that generation ARGV[1] was refused; 1 = two fresh ones were, with no success between. */
const refuse = new LuaScript(`
local refused = tonumber(ARGV[1])
local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
local accepted = tonumber(redis.call('HGET', KEYS[1], 'accepted') or '0')
local first = tonumber(redis.call('HGET', KEYS[1], 'refusedFirst') or ARGV[1])
local last = tonumber(redis.call('HGET', KEYS[1], 'refusedLast') or ARGV[1])
if refused > accepted and refused <= generation then
  first = math.min(first, refused)
  last = math.max(last, refused)
  redis.call('HSET', KEYS[1], 'refusedFirst', first, 'refusedLast', last)
end
return first < last and 1 or 0
`);

/** Notes that generation ARGV[1] was accepted, which ends a run of refusals. */
const accept = new LuaScript(`
local accepted = tonumber(ARGV[1])
local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
if accepted > generation then return 0 end
if accepted > tonumber(redis.call('HGET', KEYS[1], 'accepted') or '0') then
  redis.call('HSET', KEYS[1], 'accepted', accepted)
end
redis.call('HDEL', KEYS[1], 'refusedFirst', 'refusedLast')
return 1
`);

const fields = ['accessToken', 'expiresAt', 'generation', 'obtainedAt', 'lifetimeMs', 'accepted', 'refusedFirst'];
const stored = z.object({
  accessToken: z.string().regex(b64token),
  expiresAt: z.coerce.number(),
  generation: z.coerce.number(),
  obtainedAt: z.coerce.number(),
  lifetimeMs: z.coerce.number(),
});

/** The record of one account's token in Redis. */
export class TokenRecord {
  /** Key of the lock that the process which renews the token holds. */
  readonly lockKey: string;
  readonly #keyspace: Keyspace;
  readonly #key: string;

  constructor(keyspace: Keyspace, owner: TokenOwner) {
    const account = accountHash(owner);
    this.#keyspace = keyspace;
    this.#key = keyspace.key(`token:${account}`);
    this.lockKey = keyspace.key(`token-lock:${account}`);
  }

  async read(): Promise<SharedToken> {
    const values = await this.#keyspace.client.hmget(this.#key, ...fields);
    const found = Object.fromEntries(fields.map((field, index) => [field, values[index] ?? null]));
    return {
      token: found['accessToken'] === null ? null : (stored.safeParse(found).data ?? null),
      accepted: Number(found['accepted'] ?? 0),
      refusals: found['refusedFirst'] !== null,
    };
  }

  /**
   * Saves a token as the successor of generation `after`, unless another process was faster; then its token stays.
   * @param origin a `given` token (from the settings) counts as accepted, so that only fresh ones make a run of refusals
   */
  async save(after: number, token: Omit<Token, 'generation'>, origin: 'given' | 'obtained'): Promise<void> {
    const { accessToken, expiresAt, obtainedAt, lifetimeMs } = token;
    const keptMs = Math.ceil(Math.min(lifetimeMs, longestRecordMs)) + recordMarginMs;
    await this.#run(save, after, accessToken, expiresAt, obtainedAt, lifetimeMs, origin, keptMs);
  }

  /** @returns whether two fresh tokens in a row have been refused */
  async refuse(generation: number): Promise<boolean> {
    return (await this.#run(refuse, generation)) === 1;
  }

  async accept(generation: number): Promise<void> {
    await this.#run(accept, generation);
  }

  #run(script: LuaScript, ...args: readonly (string | number)[]): Promise<unknown> {
    return script.run(this.#keyspace.client, [this.#key], args);
  }
}

/**
 * When the shared token of an account expires (epoch ms, null without one), and how many tokens its processes have
 * obtained from the token endpoint. Never reads the token itself.
 */
export async function readTokenFacts(
  keyspace: Keyspace,
  owner: TokenOwner,
): Promise<{ readonly expiresAt: number | null; readonly obtained: number }> {
  const key = keyspace.key(`token:${accountHash(owner)}`);
  const [expiresAt, obtained] = await keyspace.client.hmget(key, 'expiresAt', 'obtained');
  return { expiresAt: Number(expiresAt) > 0 ? Number(expiresAt) * 1000 : null, obtained: Number(obtained ?? 0) };
}

function accountHash({ clientId, tokenUrl, scope }: TokenOwner): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, tokenUrl, scope]))
    .digest('hex')
    .slice(0, 16);
}
