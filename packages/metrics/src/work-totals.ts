import type { Keyspace } from '@inventory/redis';
import { countsName, durationBuckets } from './work-counts.ts';

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
