import { bucketOf } from './duration-buckets.ts';

/** A request that has ended, for {@link WorkCounts.requestEnded}. */
export interface EndedRequest {
  /** Which question it asked. */
  readonly probe: string;
  /** The status that was answered; where there was none, the type of the error. */
  readonly status: number | string;
  readonly ms: number;
}

/** A time in which no request may start. `from` is epoch ms of Redis' clock. */
export interface Pause {
  readonly from: number;
  readonly ms: number;
}

/** What was counted since the last {@link WorkCounts.take}. */
export interface Batch {
  /** Fields of the hash and what to add to each, whole numbers. */
  readonly increments: Readonly<Record<string, number>>;
  readonly pauses: readonly Pause[];
}

/**
 * Counts what one process does, in memory only, so that counting never stands between a grant and its request.
 * Words given to it are short and without `|`; they become labels.
 */
export class WorkCounts {
  #increments = new Map<string, number>();
  #pauses: Pause[] = [];

  requestEnded({ probe, status, ms }: EndedRequest): void {
    this.#add(1, 'requests', probe, String(status));
    this.#add(1, 'bucket', probe, bucketOf(ms / 1000));
    this.#add(Math.round(ms * 1000), 'microseconds', probe);
  }

  /** A step that is tried again. @param why the type of the error */
  stepRetried(probe: string, why: string): void {
    this.#add(1, 'retries', probe, why);
  }

  /** A test that ended in an error of this type. */
  errorRecorded(type: string): void {
    this.#add(1, 'errors', type);
  }

  /** A pause of everybody, as one process was told of it; others may tell of the same time. */
  limited(pause: Pause): void {
    this.#pauses.push(pause);
  }

  /** Hands out what was counted and begins anew; null when that is nothing. */
  take(): Batch | null {
    if (this.#increments.size === 0 && this.#pauses.length === 0) return null;
    const batch = { increments: Object.fromEntries(this.#increments), pauses: this.#pauses };
    this.#increments = new Map();
    this.#pauses = [];
    return batch;
  }

  #add(by: number, ...words: string[]): void {
    const field = words.join('|');
    this.#increments.set(field, (this.#increments.get(field) ?? 0) + by);
  }
}
