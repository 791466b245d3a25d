import { commandLine } from '@inventory/logger';
import type { JobCounts } from '@inventory/queue';
import { pauseWords } from '@inventory/status';
import { clockTime, countOf } from '@inventory/status/words';
import type { Moment } from './run-progress.ts';

/** After how long without a change the first notice comes, ms: within 30 s. */
const patience = 25_000;
/** How often the notice is repeated, ms. */
const again = 300_000;

type Look = Pick<Moment, 'listed' | 'pace'> & { readonly run: Pick<Moment['run'], 'selected' | 'open'> };

export interface QueueFacts {
  readonly counts: JobCounts;
  /** When the first delayed job is tried again, epoch ms of Redis' clock; null when none is delayed. */
  readonly nextRetryAt: number | null;
}

/**
 * Notices that a run makes no progress: no test selected, none with an outcome, no request started.
 * @param now of this machine, epoch ms
 */
export class Standstill {
  #seen = '';
  #since: number;
  #saidAt = -Infinity;

  constructor(now: number) {
    this.#since = now;
  }

  /** @returns for how long the run has made no progress, ms, when a notice is due; else null */
  see({ run, listed, pace }: Look, now: number): number | null {
    const seen = JSON.stringify([run.selected, run.open, listed, pace.starts[0]]);
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

/** What a run without progress is waiting for. */
export function waitingLine(moment: Look, { counts, nextRetryAt }: QueueFacts, stillMs: number): string {
  const { run, listed, pace } = moment;
  const onlyListing = !listed && run.open === 0;
  const what = onlyListing ? 'the listing' : countOf(run.open, 'test');
  return `[INFO] Waiting for ${what}; no progress for ${Math.round(stillMs / 1000)} s: ${reason()}.`;

  function reason(): string {
    if (onlyListing) return 'the API has not answered yet';
    const at = (time: number): string => clockTime(Date.now() + time - pace.now);
    if (pace.held !== null) return `the queue is held (${pace.held})`;
    if (pace.circuit !== null)
      return `${pace.circuit.why.replace(/\.$/, '')}; the next request goes out at ${at(pace.circuit.nextProbeAt)}`;
    if (pace.pause !== null) return `${pauseWords[pace.pause.cause]}, until ${at(pace.pause.until)}`;
    if (pace.processes.length === 0) return `no worker is connected (${commandLine('worker')})`;
    if (counts.active > 0) return `${countOf(counts.active, 'request')} sent, not answered yet`;
    if (counts.waiting > 0) return `${countOf(counts.waiting, 'test')} in the queue, and no worker has taken one`;
    if (nextRetryAt !== null) return `a request has failed and is retried at ${at(nextRetryAt)}`;
    return 'the queue has lost them; a worker enqueues them again within seconds';
  }
}
