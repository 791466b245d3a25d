import { type Logger, messageOf } from '@inventory/logger';
import { type Keyspace, LuaScript, type RedisClient } from '@inventory/redis';

interface EndedRequest {
  /** Which question it asked. */
  readonly probe: string;
  /** The HTTP status of the answer; where there was none, the type of the error. */
  readonly status: number | string;
  readonly ms: number;
}

/** A time in which no request may start. `from` is epoch ms of Redis' clock. */
interface Pause {
  readonly from: number;
  readonly ms: number;
}

/** Upper bounds of the buckets of durations in seconds: from a quick answer to the longest timeout. */
const durationBuckets: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Name of the Redis hash of the counts, sums over all processes. Fields: `requests|PROBE|STATUS`,
 * `bucket|PROBE|SECONDS`, `microseconds|PROBE`, `retries|PROBE|TYPE`, `errors|TYPE`, `limited_ms`, and
 * `limited_until`, the end of the last pause in that sum (epoch ms of Redis' clock).
 */
const countsName = 'metrics';

/** Adds the part of a pause that is not in the sum yet, as every process that is refused reports the same pause. */
const addPause = new LuaScript(`
local from, ends = tonumber(ARGV[1]), ARGV[1] + ARGV[2]
local more = ends - math.max(from, tonumber(redis.call('HGET', KEYS[1], 'limited_until') or 0))
if more > 0 then
  redis.call('HINCRBY', KEYS[1], 'limited_ms', string.format('%.0f', more))
  redis.call('HSET', KEYS[1], 'limited_until', string.format('%.0f', ends))
end
`);

/**
 * Counts what the workers do, in Redis. No caller waits for a count, and a count never fails its caller: one may be
 * missing after a crash, or be added twice when a connection breaks. Words given to it are short and without `|`; they
 * become labels.
 */
export class WorkCounts {
  readonly #client: RedisClient;
  readonly #key: string;
  readonly #logger: Logger;
  #written: Promise<void> = Promise.resolve();

  constructor(keyspace: Keyspace, logger: Logger) {
    this.#client = keyspace.client;
    this.#key = keyspace.key(countsName);
    this.#logger = logger;
  }

  requestEnded({ probe, status, ms }: EndedRequest): void {
    const bucket = durationBuckets.find((upper) => ms <= upper * 1000) ?? '+Inf';
    this.#add({
      [`requests|${probe}|${status}`]: 1,
      [`bucket|${probe}|${bucket}`]: 1,
      [`microseconds|${probe}`]: Math.round(ms * 1000),
    });
  }

  /** A step that is tried again. @param why the type of the error */
  stepRetried(probe: string, why: string): void {
    this.#add({ [`retries|${probe}|${why}`]: 1 });
  }

  errorRecorded(type: string): void {
    this.#add({ [`errors|${type}`]: 1 });
  }

  /** A pause of all workers; others may report the same time. */
  limited({ from, ms }: Pause): void {
    this.#write(addPause.run(this.#client, [this.#key], [from, ms]));
  }

  /** Resolves when everything counted so far is in Redis or has failed. */
  written(): Promise<void> {
    return this.#written;
  }

  /**
   * By plain commands, which keep their place: what is sent next, such as the answer that ends a run, finds them done. A script
   * that Redis does not know yet is sent a second time, behind that.
   */
  #add(increments: Readonly<Record<string, number>>): void {
    const all = Object.entries(increments).map(([field, by]) => this.#client.hincrby(this.#key, field, by));
    this.#write(Promise.all(all));
  }

  #write(write: Promise<unknown>): void {
    const ended = write.then(
      () => undefined,
      (error: unknown) => this.#logger.warn({ error: messageOf(error) }, 'could not count for the metrics'),
    );
    this.#written = this.#written.then(() => ended);
  }
}

/** How long the requests of one probe took. */
interface DurationTotals {
  readonly probe: string;
  readonly count: number;
  /** All durations together. */
  readonly seconds: number;
  /** How many took `le` seconds or less, by rising `le`. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
}

/** What all processes together have done since the counts began. What was never counted is missing. */
export interface WorkTotals {
  readonly requests: readonly { readonly probe: string; readonly status: string; readonly count: number }[];
  readonly durations: readonly DurationTotals[];
  readonly retries: readonly { readonly probe: string; readonly why: string; readonly count: number }[];
  readonly errors: readonly { readonly type: string; readonly count: number }[];
  /** Time in which no request was allowed to start, up to now, ms. */
  readonly limitedMs: number;
}

interface Entry {
  readonly words: readonly [string, string];
  readonly count: number;
}

/** Reads the sums of the cluster. */
export async function readWorkTotals(keyspace: Keyspace): Promise<WorkTotals> {
  const [[seconds, micros], fields] = await Promise.all([
    keyspace.client.time(),
    keyspace.client.hgetall(keyspace.key(countsName)),
  ]);
  const now = Number(seconds) * 1000 + Number(micros) / 1000;
  const entries = (kind: string): Entry[] =>
    Object.entries(fields).flatMap(([field, count]) => {
      const [found, first = '', second = ''] = field.split('|');
      return found === kind ? [{ words: [first, second], count: Number(count) }] : [];
    });
  const ahead = Math.max(0, Number(fields['limited_until'] ?? 0) - now);
  return {
    requests: entries('requests').map(({ words: [probe, status], count }) => ({ probe, status, count })),
    durations: durationsOf(entries('bucket'), entries('microseconds')),
    retries: entries('retries').map(({ words: [probe, why], count }) => ({ probe, why, count })),
    errors: entries('errors').map(({ words: [type], count }) => ({ type, count })),
    limitedMs: Math.max(0, Number(fields['limited_ms'] ?? 0) - ahead),
  };
}

function durationsOf(buckets: readonly Entry[], sums: readonly Entry[]): DurationTotals[] {
  return sums.map(({ words: [probe], count: microseconds }) => {
    const own = buckets.filter(({ words }) => words[0] === probe);
    const upTo = (le: number): number =>
      own.filter(({ words }) => Number(words[1]) <= le).reduce((sum, { count }) => sum + count, 0);
    return {
      probe,
      seconds: microseconds / 1e6,
      count: own.reduce((sum, { count }) => sum + count, 0),
      buckets: durationBuckets.map((le) => ({ le, count: upTo(le) })),
    };
  });
}
