import { clockLua, LuaScript, type RedisClient } from '@inventory/redis';
import type { CircuitCause, PaceKeys } from './keys.ts';

/** So many transient failures in a row, of at least two tests and without an answer between them, are an outage. */
const failuresInARow = 5;
/** The first wait before a request probes, ms; each further one is twice as long. */
const firstWait = 5_000;
const longestWait = 300_000;
/** Within this time failures of other requests are unlikely, ms. */
const quickAnswer = 100;

const keysLua = `${clockLua}
local limiter, pause, circuit, failures, failing, meta, starts = unpack(KEYS)

-- how long a pause that is on still lasts; a clock that was set back does not make it longer than it was
local function paused()
  local known = redis.call('HMGET', pause, 'until', 'ms')
  return math.min(tonumber(known[1] or 0) - clock(), tonumber(known[2] or ${3_600_000}))
end

-- no process is granted a start for so long, nor before the end of a pause
local function wait(ms)
  ms = math.ceil(math.max(ms, paused(), 1))
  redis.call('HSET', circuit, 'until', string.format('%.0f', clock() + ms), 'ms', ms)
  redis.call('SET', limiter, '9007199254740991', 'PX', ms)
  return ms
end

local function open(cause, why, asked)
  redis.call('DEL', failures)
  redis.call('HSET', circuit, 'cause', cause, 'why', why, 'since', string.format('%.0f', clock()), 'probes', 0)
  return wait(math.max(${firstWait}, asked))
end

-- closes the circuit: the next start is an interval after the last one, or after the pause that is on
local function close()
  local since = redis.call('HGET', circuit, 'since')
  redis.call('DEL', circuit, failing)
  local last = (redis.call('LINDEX', starts, 0) or 0) / 1000
  local interval = tonumber(redis.call('HGET', meta, 'duration') or 0)
  local left = math.min(math.ceil(last + interval - clock()), interval)
  if paused() > 0 then redis.call('SET', limiter, '9007199254740991', 'PX', math.ceil(paused()))
  elseif left > 0 then redis.call('SET', limiter, 1, 'PX', left)
  else redis.call('DEL', limiter) end
  return since
end
`;

/** Counts a failure once, also when the script is sent again. */
const failed = new LuaScript(`${keysLua}
local test, startedAt, openTests, probing = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local asked, why = tonumber(ARGV[5]), ARGV[6]
redis.call('SADD', failing, test)
local known = redis.call('HMGET', circuit, 'cause', 'probes', 'until')
if known[1] then
  if known[1] == 'outage' and openTests <= 1 then close() return { 'counts', 0 } end
  if not probing then return { 'open', math.max(0, known[3] - clock()) } end
  if known[1] == 'outage' then redis.call('HSET', circuit, 'why', why) end
  return { 'open', wait(math.max(math.min(${firstWait} * 2 ^ known[2], ${longestWait}), asked)) }
end
if redis.call('HGET', failures, 'last') ~= startedAt .. test then
  redis.call('HSET', failures, 'last', startedAt .. test)
  redis.call('HINCRBY', failures, 'count', 1)
end
local row, tests = tonumber(redis.call('HGET', failures, 'count')), redis.call('SCARD', failing)
if row < ${failuresInARow} or tests < 2 or openTests <= 1 then return { 'counts', 0 } end
return { 'opened', open('outage', why, asked) }
`);

const answered = new LuaScript(`${keysLua}
redis.call('DEL', failures)
if redis.call('HGET', circuit, 'cause') ~= ARGV[1] then
  redis.call('DEL', failing)
  return ''
end
return close() or ''
`);

const hold = new LuaScript(`${keysLua}
if redis.call('HGET', circuit, 'cause') == 'controls' then return 0 end
open('controls', ARGV[1], 0)
return 1
`);

const giveBack = new LuaScript(`${keysLua}
if redis.call('EXISTS', circuit) == 0 then return 0 end
redis.call('HINCRBY', circuit, 'probes', -1)
redis.call('HSET', circuit, 'until', string.format('%.0f', clock()))
if paused() <= 0 then redis.call('DEL', limiter) end
return 1
`);

const stillOpen = new LuaScript(`${keysLua}
local probes = redis.call('HGET', circuit, 'probes')
if not probes then return 0 end
return wait(math.min(${firstWait} * 2 ^ probes, ${longestWait}))
`);

/** Permission to send one request. */
export interface Granted {
  readonly go: true;
  /** Redis' time, epoch ms. */
  readonly startedAt: number;
  /** When it arrived here, by `performance.now()`. */
  readonly givenAt: number;
  /** How many refusals in a row there were before it. */
  readonly streak: number;
  /** `probing`: the circuit is open, and this finds out whether the API answers again. `failures`: the last request failed. */
  readonly trouble: 'probing' | 'failures' | null;
}

/** A request that got no answer. */
export interface FailedRequest {
  /** The test it was about. */
  readonly testUuid: string;
  /** When it was permitted, epoch ms of Redis' clock. */
  readonly startedAt: number;
  /** Whether it was permitted in order to find out whether the API answers again. */
  readonly probing: boolean;
  /** How many tests wait for an outcome: with only one, an outage cannot be distinguished from a failing test. */
  readonly openTests: number;
  /** How long a pause the API asked for, ms; 0 = it did not say. */
  readonly askedMs: number;
  /** What failed, as a sentence for people; no secret. */
  readonly why: string;
}

/** What a failure means: a failed try of its test, or a part of an outage; then when a request may probe, ms. */
export interface FailureMeaning {
  readonly kind: 'counts' | 'opened' | 'open';
  readonly waitMs: number;
}

/**
 * The circuit of the whole cluster. While it is open, only single requests are sent, to test whether the API
 * answers again (docs/decisions/0010-the-circuit.md).
 */
export class Circuit {
  readonly #client: RedisClient;
  readonly #keys: readonly string[];
  /** Whether this process has noted a failure since the last answer. */
  #failed = false;

  constructor(client: RedisClient, { limiter, pause, circuit, failures, failing, meta, starts }: PaceKeys) {
    this.#client = client;
    this.#keys = [limiter, pause, circuit, failures, failing, meta, starts];
  }

  /** Notes a transient failure, and opens the circuit when enough of them came in a row. */
  async failed(request: FailedRequest): Promise<FailureMeaning> {
    const { testUuid, startedAt, openTests, probing, askedMs, why } = request;
    this.#failed = true;
    const args = [testUuid, startedAt, openTests, probing ? 1 : 0, Math.ceil(askedMs), why];
    const [kind, waitMs] = (await failed.run(this.#client, this.#keys, args)) as [FailureMeaning['kind'], number];
    return { kind, waitMs };
  }

  /**
   * Notes that the API has answered, with any status, which ends the failures in a row and an outage. Asks Redis only
   * where there may be something to end.
   * @param permit of the request. If its answer took long, other requests may have failed since
   * @returns since when the closed circuit had been open, epoch ms of Redis' clock; null when it was not open
   */
  async answered({ trouble, givenAt }: Pick<Granted, 'trouble' | 'givenAt'>): Promise<number | null> {
    const quick = performance.now() - givenAt < quickAnswer;
    return trouble === null && !this.#failed && quick ? null : this.close('outage');
  }

  /** Closes the circuit if it is open for this cause. @returns as {@link answered} */
  async close(cause: CircuitCause): Promise<number | null> {
    this.#failed = false;
    const since = await answered.run(this.#client, this.#keys, [cause]);
    return since === '' ? null : Number(since);
  }

  /**
   * Opens the circuit until a control is known again, also where it is open because of an outage.
   * @param why as a sentence for people
   * @returns false when it was held already
   */
  async hold(why: string): Promise<boolean> {
    return (await hold.run(this.#client, this.#keys, [why])) === 1;
  }

  /** Gives back the permit to probe, which came too late to be used: another request may probe at once. */
  async giveBack(): Promise<void> {
    await giveBack.run(this.#client, this.#keys, []);
  }

  /**
   * Notes that the request that probed got no answer: the next one comes after twice the time.
   * @returns how long that is, ms; 0 when the circuit has been closed since
   */
  async stillOpen(): Promise<number> {
    return Number(await stillOpen.run(this.#client, this.#keys, []));
  }
}
