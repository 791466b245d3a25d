import { LuaScript, type RedisClient } from '@inventory/redis';
import { type PaceKeys, paceKeys } from './queue-keys.ts';

const hour = 3_600_000;

const clock = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** Tells whether this Redis is another one than at the last request, or was started anew. */
const anotherServer = `
local function anotherServer(pause)
  local info = redis.pcall('INFO', 'server')
  local id = type(info) == 'string' and string.match(info, 'run_id:(%x+)')
  if not id then return false end
  local before = redis.call('HGET', pause, 'server')
  if before ~= id then redis.call('HSET', pause, 'server', id) end
  return before and before ~= id
end
`;

/**
 * The last look before a request goes out. It may go if the limit stands, no pause has begun, and nobody else
 * was granted a start since its own grant or has started too short a time ago (as may be when the limit was
 * lost). A start that comes late begins a full interval anew, and so does a Redis that may have lost the last
 * second of starts (fail-over, restart).
 */
const permit = new LuaScript(`${anotherServer}
local meta, limiter, starts, pause = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local own, late = tonumber(ARGV[1]), tonumber(ARGV[2])
local limit = redis.call('HMGET', meta, 'max', 'duration')
local interval = tonumber(limit[2] or -1)
if tonumber(limit[1] or 0) ~= 1 or interval < own then return { 'unlimited' } end
if tonumber(redis.call('GET', limiter) or 0) > 1 then return { 'late' } end
local time = redis.call('TIME')
if interval > 0 then
  if anotherServer(pause) then
    redis.call('SET', limiter, '9007199254740991', 'PX', math.max(interval, redis.call('PTTL', limiter)))
    return { 'late' }
  end
  local tolerance = math.max(5, interval * 0.005)
  local left = redis.call('PTTL', limiter)
  if late > tolerance and left > math.max(0, 1.5 * interval - late) then return { 'late' } end
  local passed = time[1] * 1000 + time[2] / 1000 - (redis.call('LINDEX', starts, 0) or 0) / 1000
  -- the limiter counts whole milliseconds; a clock that was set back stops nobody
  if passed >= 0 and passed < interval - tolerance - 2 then return { 'late' } end
  if left < interval - tolerance then redis.call('SET', limiter, 1, 'PX', interval) end
end
redis.call('LPUSH', starts, time[1] .. string.format('%06d', time[2]))
redis.call('LTRIM', starts, 0, 999)
local streak = redis.call('HGET', pause, 'streak') or '0'
return { 'go', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), streak }
`);

/**
 * Pauses everybody; a pause is only ever lengthened. A refusal (429) lengthens the streak if its request
 * started after the last pause; without a time of its own it doubles from a minute to fifteen.
 */
const pauseAll = new LuaScript(`${clock}
local limiter, pause = KEYS[1], KEYS[2]
local interval, startedAt, asked, cause = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local now = clock()
local known = redis.call('HMGET', pause, 'until', 'streak', 'since')
local ends, streak, since = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or now)
if cause == 'refused' then
  if now - ends > 900000 then streak, since = 0, now end
  if startedAt >= ends or streak == 0 then streak = streak + 1 end
  redis.call('HSET', pause, 'streak', streak, 'since', string.format('%.0f', since))
end
local ms = asked >= 0 and asked or math.min(60000 * 2 ^ (math.max(streak, 1) - 1), 900000)
ms = math.ceil(math.min(math.max(ms, interval, 1), ${hour}))
local left = redis.call('PTTL', limiter)
if left < ms then
  redis.call('SET', limiter, '9007199254740991', 'PX', ms)
  redis.call('HSET', pause, 'until', string.format('%.0f', now + ms), 'cause', cause)
  left = ms
end
return { left, string.format('%.0f', now - since) }
`);

/**
 * Registers a process (if one is named) and sets the limit to the longest interval of all that are alive. Where
 * no limit stood, nobody knows when the last request started, so nobody starts for one interval.
 */
const attach = new LuaScript(`${clock}
local meta, processes, limiter = KEYS[1], KEYS[2], KEYS[3]
local interval, id, record = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local now, longest = clock(), interval
if id ~= '' then
  local self = cjson.decode(record)
  self.seenAt = now
  redis.call('HSET', processes, id, cjson.encode(self))
end
local all = redis.call('HGETALL', processes)
for index = 1, #all, 2 do
  local other = cjson.decode(all[index + 1])
  if now - other.seenAt > 15000 then redis.call('HDEL', processes, all[index])
  elseif other.intervalMs > longest then longest = other.intervalMs end
end
if redis.call('HGET', meta, 'max') ~= '1' and redis.call('PTTL', limiter) < longest and longest > 0 then
  redis.call('SET', limiter, '9007199254740991', 'PX', longest)
end
redis.call('HSET', meta, 'max', 1, 'duration', longest)
return longest
`);

/** Whether a request may go out now. */
export type Permit =
  /** It may. `startedAt` is Redis' time (epoch ms), `streak` the number of refusals in a row before it. */
  | { readonly go: true; readonly startedAt: number; readonly streak: number }
  /** It may not; the job goes back unused. */
  | { readonly go: false; readonly why: 'unlimited' | 'late' };

/** A pause, as far as it goes now: how long, and for how long there has been nothing but refusals (ms). */
export interface Pause {
  readonly leftMs: number;
  readonly refusedForMs: number;
}

/** A process that works on the queue. */
export interface AttachedProcess {
  readonly role: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly intervalMs: number;
}

/**
 * The pace of the whole cluster. BullMQ's global limit is the limiter; this makes sure that it stands, that a
 * grant is used at once or not at all, and that everybody stops when the API says so.
 */
export class Pace {
  readonly #client: RedisClient;
  readonly #keys: PaceKeys;
  /** Least time between two starts, ms; 0 means no limit. */
  readonly intervalMs: number;

  constructor(client: RedisClient, prefix: string, intervalMs: number) {
    this.#client = client;
    this.#keys = paceKeys(prefix);
    this.intervalMs = intervalMs;
  }

  /**
   * Asks for leave to send one request, as the last act before sending it.
   * @param lateMs time since BullMQ granted the job. Up to 5 ms or half a percent of the interval are normal.
   */
  async permit(lateMs: number): Promise<Permit> {
    const { meta, limiter, starts, pause } = this.#keys;
    const args = [this.intervalMs, Math.max(0, Math.round(lateMs))];
    const answer = await permit.run(this.#client, [meta, limiter, starts, pause], args);
    const [word, startedAt, streak] = answer as ['go' | 'unlimited' | 'late', string, string];
    if (word !== 'go') return { go: false, why: word };
    return { go: true, startedAt: Number(startedAt), streak: Number(streak) };
  }

  /** How long nobody is granted a job: the rest of the interval or of a pause, ms. */
  async limitedForMs(): Promise<number> {
    return Math.max(0, await this.#client.pttl(this.#keys.limiter));
  }

  /**
   * Pauses everybody because the API refused a request (429).
   * @param startedAt when that request was permitted (epoch ms, Redis' clock)
   * @param askedMs the pause the API asked for; null: a minute, doubling up to fifteen
   */
  refused(startedAt: number, askedMs: number | null): Promise<Pause> {
    return this.#pause(startedAt, askedMs ?? -1, 'refused');
  }

  /**
   * Pauses everybody for another reason: somebody else is using up the account's rate, or there is no token.
   * @param ms whole or not, at most an hour
   */
  rest(ms: number, cause: 'rate used up' | 'no token'): Promise<Pause> {
    return this.#pause(0, ms, cause);
  }

  async #pause(startedAt: number, askedMs: number, cause: string): Promise<Pause> {
    const { limiter, pause } = this.#keys;
    const args = [this.intervalMs, startedAt, Math.ceil(askedMs), cause];
    const [leftMs, refusedForMs] = (await pauseAll.run(this.#client, [limiter, pause], args)) as [number, string];
    return { leftMs, refusedForMs: Number(refusedForMs) };
  }

  /** Ends a streak of refusals: a request has been answered. */
  async answered(): Promise<void> {
    await this.#client.hdel(this.#keys.pause, 'streak', 'since');
  }

  /**
   * Makes the limit stand, at the longest interval of all processes alive.
   * @param self this process, if it works on the queue; repeat the call every five seconds then
   * @returns the interval in force, ms
   */
  async assertLimit(self?: { readonly id: string; readonly process: AttachedProcess }): Promise<number> {
    const { meta, processes, limiter } = this.#keys;
    const args = [this.intervalMs, self?.id ?? '', self ? JSON.stringify(self.process) : ''];
    return Number(await attach.run(this.#client, [meta, processes, limiter], args));
  }

  /** Takes this process off the list of those that work on the queue. */
  async detach(id: string): Promise<void> {
    await this.#client.hdel(this.#keys.processes, id);
  }
}
