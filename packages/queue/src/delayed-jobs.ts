import { clockLua, type Keyspace, LuaScript, type RedisClient } from '@inventory/redis';
import { Job, type MinimalQueue } from 'bullmq';
import { type PaceKeys, paceKeys } from './keys.ts';

/** How long a job stays with a process that has stopped responding, ms. */
export const lockDuration = 10_000;
/** How often such jobs are looked for, ms. */
export const stalledInterval = 5_000;

/** No job is delayed for longer than this, ms: the longest wait of an open circuit and some more. */
const longestDelay = 360_000;

/** BullMQ's score of a delayed job: its time, and room for 4,096 jobs of the same millisecond. */
const scoreLua = `${clockLua}
local function scoreAt(ms) return ms * 4096 end
`;

const setDue = new LuaScript(`${scoreLua}
return redis.call('ZADD', KEYS[1], 'XX', scoreAt(clock() + ARGV[2]), ARGV[1])
`);

const look = new LuaScript(`${scoreLua}
local now = clock()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], 0, scoreAt(now + 1) - 1, 'LIMIT', 0, 100)
local following = redis.call('ZRANGEBYSCORE', KEYS[1], scoreAt(now + 1), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return { redis.call('PTTL', KEYS[2]), due, following[2] and math.ceil(following[2] / 4096 - now) or -1 }
`);

const shorten = new LuaScript(`${scoreLua}
local delayed, active, stalledCheck = unpack(KEYS)
local latest = scoreAt(clock() + ${longestDelay})
for _, id in ipairs(redis.call('ZRANGEBYSCORE', delayed, '(' .. string.format('%.0f', latest), '+inf', 'LIMIT', 0, 100)) do
  redis.call('ZADD', delayed, latest, id)
end
local function atMost(key, ms)
  if redis.call('PTTL', key) > ms then redis.call('PEXPIRE', key, ms) end
end
for _, id in ipairs(redis.call('LRANGE', active, 0, -1)) do atMost(ARGV[1] .. id .. ':lock', ${lockDuration}) end
atMost(stalledCheck, ${stalledInterval})
return 1
`);

/** What a process finds when it looks for its turn. */
export interface Turn {
  /** How long no process is granted a job, ms. */
  readonly limitedForMs: number;
  /** Delayed jobs whose time has come. */
  readonly due: readonly string[];
  /** When the next delayed job is due, ms from now; null when there is none. */
  readonly nextDueMs: number | null;
}

/**
 * Delayed jobs by Redis' clock. BullMQ delays and promotes by the clock of whichever process does it: a worker whose
 * clock is ahead would strand its tests with the others.
 */
export class DelayedJobs {
  readonly #client: RedisClient;
  readonly #keys: PaceKeys;

  constructor(keyspace: Keyspace) {
    this.#client = keyspace.client;
    this.#keys = paceKeys(keyspace);
  }

  /** Delays an active job. @param token of its lock */
  async delay(job: Job, token: string, delayMs: number): Promise<void> {
    await job.moveToDelayed(Date.now() + delayMs, token);
    await setDue.run(this.#client, [this.#keys.delayed], [job.id ?? '', delayMs]);
  }

  /** Looks at the limiter and for jobs that are due. */
  async look(): Promise<Turn> {
    const answer = await look.run(this.#client, [this.#keys.delayed, this.#keys.limiter], []);
    const [left, due, following] = answer as [number, string[], number];
    return { limitedForMs: Math.max(0, left), due, nextDueMs: following < 0 ? null : following };
  }

  /** Lets jobs that are due wait for their turn. Another process may have been faster. */
  async promote(queue: MinimalQueue, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const job = await Job.fromId(queue, id);
      await job?.promote().catch(() => undefined);
    }
  }

  /**
   * Shortens waits that Redis' clock has lengthened by being set back: delays, locks of jobs, and the look for those
   * whose worker has died.
   */
  async shorten(): Promise<void> {
    const { delayed, active, stalledCheck } = this.#keys;
    await shorten.run(this.#client, [delayed, active, stalledCheck], [this.#keys.jobs]);
  }
}
