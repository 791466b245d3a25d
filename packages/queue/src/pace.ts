import { clockLua, type Keyspace, LuaScript, type RedisClient } from '@inventory/redis';
import { Circuit, type Granted } from './circuit.ts';
import { keptStarts, type PaceKeys, type PauseCause, paceKeys } from './keys.ts';

const hour = 3_600_000;
/** How much longer than its time-out a request may take until its outcome is noted, ms. */
const answerGrace = 5_000;

/** Whether this Redis is another one than at the last request, or was restarted. */
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
 * The last look before a request goes out. It may go if the limit is set, no pause has begun, no other
 * process was granted a start since its own grant, and the last start is long enough ago (it may not be when the limit
 * was lost). A start that comes late starts a full new interval, and so does a Redis that may have lost the last second
 * of starts (fail-over, restart). While the circuit is open, the first permit after its wait is the request that
 * probes; until its outcome is noted, or its lease has run out, no other is given.
 */
const permit = new LuaScript(`${clockLua}${anotherServer}
local meta, limiter, starts, pause, circuit, failures, failing = unpack(KEYS)
local own, late, asks, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local test = ARGV[5]
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
  -- the limiter counts whole milliseconds; a clock that was set back stops no request
  if passed >= 0 and passed < interval - tolerance - 2 then return { 'late' } end
  if left < interval - tolerance then redis.call('SET', limiter, 1, 'PX', interval) end
end
local open = redis.call('HMGET', circuit, 'cause', 'until', 'ms', 'probes')
if open[1] then
  if asks == 'test' and open[1] == 'controls' then return { 'held' } end
  if asks == 'streak' and open[1] == 'outage' then return { 'outage' } end
  -- a test that has failed before may fail for its own reasons, and block others: every other time a test that is
  -- known to answer is asked instead
  local failedBefore = open[1] == 'outage' and redis.call('SISMEMBER', failing, test) == 1
  if asks == 'test' and failedBefore and (open[4] or 0) % 2 == 0 then return { 'ask a control' } end
  local left = open[2] - clock()
  if left > 0 and left <= tonumber(open[3]) then
    redis.call('SET', limiter, '9007199254740991', 'PX', left)
    return { 'late' }
  end
  redis.call('HINCRBY', circuit, 'probes', 1)
  redis.call('HSET', circuit, 'until', string.format('%.0f', clock() + lease), 'ms', lease)
  redis.call('SET', limiter, '9007199254740991', 'PX', lease)
end
redis.call('LPUSH', starts, time[1] .. string.format('%06d', time[2]))
redis.call('LTRIM', starts, 0, ${keptStarts - 1})
local streak = redis.call('HGET', pause, 'streak') or '0'
local trouble = open[1] and 'probing' or redis.call('EXISTS', failures) == 1 and 'failures' or ''
return { 'go', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), streak, trouble }
`);

/** Makes the next start wait a full interval from now: this one came late. */
const lengthen = new LuaScript(`
local interval = tonumber(redis.call('HGET', KEYS[1], 'duration') or 0)
local left = redis.call('PTTL', KEYS[2])
if interval > 0 and left < interval then redis.call('SET', KEYS[2], redis.call('GET', KEYS[2]) or 1, 'PX', interval) end
return 1
`);

/**
 * Pauses all workers; a pause is only ever lengthened. A refusal (429) lengthens the streak if its request
 * started after the last pause; if it names no time, the pause doubles from a minute to fifteen.
 */
const pauseAll = new LuaScript(`${clockLua}
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
-- stored whatever the limiter says: the wait of an open circuit may be longer now, and end sooner
if ends < now + ms then
  redis.call('HSET', pause, 'until', string.format('%.0f', now + ms), 'cause', cause, 'ms', ms)
end
local left = redis.call('PTTL', limiter)
if left < ms then
  redis.call('SET', limiter, '9007199254740991', 'PX', ms)
  left = ms
end
return { left, string.format('%.0f', now - since) }
`);

/**
 * Registers a process (if one is named) and sets the limit to the longest interval of all that are alive. Where
 * no limit was set, the start of the last request is unknown, so no request starts for one interval. A Redis whose
 * clock was set back has lengthened every wait by as much: none may be longer than it was meant to be.
 */
const attach = new LuaScript(`${clockLua}
local meta, processes, limiter, pause, circuit = unpack(KEYS)
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
  if other.seenAt > now then
    other.seenAt = now
    redis.call('HSET', processes, all[index], cjson.encode(other))
  end
  if now - other.seenAt > 15000 then redis.call('HDEL', processes, all[index])
  elseif other.intervalMs > longest then longest = other.intervalMs end
end
if redis.call('HGET', meta, 'max') ~= '1' and redis.call('PTTL', limiter) < longest and longest > 0 then
  redis.call('SET', limiter, '9007199254740991', 'PX', longest)
end
redis.call('HSET', meta, 'max', 1, 'duration', longest)

local left = redis.call('PTTL', limiter)
local longestWait = math.max(longest, 1)
for _, key in ipairs({ pause, circuit }) do
  local known = redis.call('HMGET', key, 'until', 'ms')
  local ends = tonumber(known[1] or 0)
  local ms = tonumber(known[2] or math.min(math.max(ends - now, 0), ${hour}))
  if ends > now + ms then
    -- a pause that the limiter does not hold was over before the clock was set back
    if key == pause then ms = math.min(ms, math.max(left, 0)) end
    redis.call('HSET', key, 'until', string.format('%.0f', now + ms))
  end
  if ends > now and ms > longestWait then longestWait = ms end
end
if tonumber(redis.call('HGET', circuit, 'since') or 0) > now then
  redis.call('HSET', circuit, 'since', string.format('%.0f', now))
end
if left == -1 or left > longestWait then redis.call('PEXPIRE', limiter, longestWait) end
return longest
`);

/** Whether a request may go out now. */
export type Permit =
  | Granted
  /**
   * It may not; the job goes back unused. `slow`: the permit took too long to arrive. `held`: only a question to a
   * control may go out. `ask a control`: a control is to be asked instead, because this test has failed in the outage
   * already. `outage`: a streak's control is not asked in an outage.
   */
  | { readonly go: false; readonly why: 'unlimited' | 'late' | 'slow' | 'held' | 'ask a control' | 'outage' };

/** More about a request that is about to go out. */
export interface PermitOptions {
  /** Whom it asks: a test unless said otherwise, a control, or a control because of a streak of ClassicUT verdicts. */
  readonly asks?: 'test' | 'control' | 'streak';
  /** The test it is about; without it the request is as good as any other to probe with. */
  readonly testUuid?: string;
  /** How long it may take, ms; 30,000 unless said otherwise. An open circuit waits that long for its outcome. */
  readonly timeoutMs?: number;
}

type Permitted = ['go' | Extract<Permit, { go: false }>['why'], string, string, 'probing' | 'failures' | ''];

/** A pause: how much of it is left, and for how long there have been only refusals (ms). */
export interface Pause {
  readonly leftMs: number;
  readonly refusedForMs: number;
}

interface NewPause {
  readonly startedAt: number;
  /** -1: as long as the streak of refusals makes it. */
  readonly askedMs: number;
  readonly cause: PauseCause;
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
 * The pace of the whole cluster. BullMQ's global limit is the limiter; this makes sure that it is set, that a
 * grant is used at once or not at all, and that all workers stop when the API says so.
 */
export class Pace {
  readonly #client: RedisClient;
  readonly #keys: PaceKeys;
  /** Least time between two starts, ms; 0 means no limit. */
  readonly intervalMs: number;
  readonly circuit: Circuit;

  constructor(keyspace: Keyspace, intervalMs: number) {
    this.#client = keyspace.client;
    this.#keys = paceKeys(keyspace);
    this.intervalMs = intervalMs;
    this.circuit = new Circuit(this.#client, this.#keys);
  }

  /**
   * Asks for permission to send one request, as the last act before sending it. A permit that took longer than half an
   * interval to arrive is not used: the next start may be due already. A refusal changes nothing, so it is safe to ask
   * again for another kind of request.
   * @param lateMs time since BullMQ granted the job. Up to 5 ms or half a percent of the interval are normal.
   */
  async permit(lateMs: number, options: PermitOptions = {}): Promise<Permit> {
    const { asks = 'test', timeoutMs = 30_000, testUuid = '' } = options;
    const { meta, limiter, starts, pause, circuit, failures, failing } = this.#keys;
    const args = [this.intervalMs, Math.max(0, Math.round(lateMs)), asks, timeoutMs + answerGrace, testUuid];
    const askedAt = performance.now();
    const answer = await permit.run(this.#client, [meta, limiter, starts, pause, circuit, failures, failing], args);
    const tookMs = performance.now() - askedAt;
    const [word, startedAt, streak, trouble] = answer as Permitted;
    if (word !== 'go') return { go: false, why: word };
    if (this.intervalMs > 0 && tookMs > this.intervalMs / 2) {
      if (trouble === 'probing') await this.circuit.giveBack();
      return { go: false, why: 'slow' };
    }
    if (this.intervalMs > 0 && tookMs > Math.max(5, this.intervalMs * 0.005)) {
      lengthen.run(this.#client, [meta, limiter], []).catch(() => undefined);
    }
    const givenAt = askedAt + tookMs;
    return { go: true, startedAt: Number(startedAt), givenAt, streak: Number(streak), trouble: trouble || null };
  }

  /**
   * Pauses all workers because the API refused a request (429).
   * @param startedAt when that request was permitted (epoch ms, Redis' clock)
   * @param askedMs the pause the API asked for; null: a minute, doubling up to fifteen
   */
  refused(startedAt: number, askedMs: number | null): Promise<Pause> {
    return this.#pause({ startedAt, askedMs: askedMs ?? -1, cause: 'refused' });
  }

  /**
   * Pauses all workers for another reason: another program is using up the account's rate, there is no token, or the
   * API asked for a pause (503).
   * @param ms whole or not, at most an hour
   */
  rest(ms: number, cause: Exclude<PauseCause, 'refused'>): Promise<Pause> {
    return this.#pause({ startedAt: 0, askedMs: ms, cause });
  }

  async #pause({ startedAt, askedMs, cause }: NewPause): Promise<Pause> {
    const { limiter, pause } = this.#keys;
    const args = [this.intervalMs, startedAt, Math.ceil(askedMs), cause];
    const [leftMs, refusedForMs] = (await pauseAll.run(this.#client, [limiter, pause], args)) as [number, string];
    return { leftMs, refusedForMs: Number(refusedForMs) };
  }

  /** Ends a streak of refusals: a request has been answered. */
  async answered(): Promise<void> {
    await this.#client.hdel(this.#keys.pause, 'streak', 'since');
  }

  /** Sets the limit to the longest interval of all processes alive. @returns that interval, ms */
  assertLimit(): Promise<number> {
    return this.#attach('', '');
  }

  /**
   * Puts this process on the list of those that work on the queue, and sets the limit ({@link assertLimit}). Has to be
   * repeated every five seconds.
   * @returns the interval in force, ms
   */
  attach(id: string, process: AttachedProcess): Promise<number> {
    return this.#attach(id, JSON.stringify(process));
  }

  async #attach(id: string, record: string): Promise<number> {
    const { meta, processes, limiter, pause, circuit } = this.#keys;
    const keys = [meta, processes, limiter, pause, circuit];
    return Number(await attach.run(this.#client, keys, [this.intervalMs, id, record]));
  }

  /** Takes this process off the list of those that work on the queue. */
  async detach(id: string): Promise<void> {
    await this.#client.hdel(this.#keys.processes, id);
  }
}
