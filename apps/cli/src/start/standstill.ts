import type { RunRecord } from '@inventory/checkpoints';
import type { JobCounts, PaceStatus } from '@inventory/queue';
import { countOf } from '../answer/count-of.ts';
import { clockTime } from '../progress/clock-time.ts';
import { pauseCause } from '../progress/pause-cause.ts';

/** How long nothing may move before it is said what is waited for, ms: heard of within 30 s. */
const patience = 25_000;
/** How often it is said again, ms. */
const again = 300_000;

/** What a run looks like at one moment. */
export interface Moment {
  /** The run's record; null while its listing has not begun. */
  readonly run: Pick<RunRecord, 'selected' | 'open'> | null;
  /** Whether the listing has come to its end. */
  readonly listed: boolean;
  readonly pace: PaceStatus | null;
}

/** What a run that stands still can be asked about. */
export interface QueueFacts {
  readonly counts: JobCounts;
  /** When the first delayed job is tried again, epoch ms of Redis' clock; null when none is delayed. */
  readonly nextRetryAt: number | null;
}

/**
 * Notices that nothing of a run has moved: no test taken up, none decided, no request started.
 * @param now of this machine, epoch ms
 */
export class Standstill {
  #seen = '';
  #since: number;
  #saidAt = -Infinity;

  constructor(now: number) {
    this.#since = now;
  }

  /** @returns for how long nothing has moved, ms, when it is time to say so; else null */
  look({ run, listed, pace }: Moment, now: number): number | null {
    const seen = JSON.stringify([run?.selected, run?.open, listed, pace?.starts[0]]);
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#since = now;
      this.#saidAt = -Infinity;
    }
    if (now - this.#since < patience || now - this.#saidAt < again) return null;
    this.#saidAt = now;
    return now - this.#since;
  }
}

/** What a run that stands still waits for, for people. */
export function waitingLine(moment: Moment, { counts, nextRetryAt }: QueueFacts, stillMs: number): string {
  const { run, listed, pace } = moment;
  const what = !listed && (run?.open ?? 0) === 0 ? 'the listing' : countOf(run?.open ?? 0, 'test');
  return `[INFO] Waiting for ${what}; nothing has moved for ${Math.round(stillMs / 1000)} s: ${reason()}.`;

  function reason(): string {
    if (!listed && (run?.open ?? 0) === 0) return 'the API has not answered for it yet';
    if (pace === null) return 'Redis has not said how the queue stands';
    const at = (time: number): string => clockTime(Date.now() + time - pace.now);
    if (pace.held !== null) return `the queue is held (${pace.held})`;
    if (pace.circuit !== null)
      return `${pace.circuit.why}; the next request goes out at ${at(pace.circuit.nextProbeAt)}`;
    if (pace.pause !== null) return `${pauseCause(pace.pause.cause)}, until ${at(pace.pause.until)}`;
    if (pace.processes.length === 0) return 'no worker is connected (npm run worker)';
    if (counts.active > 0) return `${countOf(counts.active, 'request')} on the way, without an answer yet`;
    if (counts.waiting > 0) return `${countOf(counts.waiting, 'test')} in the queue, and no worker has taken one`;
    if (nextRetryAt !== null) return `a request has failed and is sent again at ${at(nextRetryAt)}`;
    return 'the queue has lost them, and a worker enqueues them again within some seconds';
  }
}
