import { type Outcome, phaseOf, type RunRecord, type Totals } from '@inventory/checkpoints';
import { findRule, type Verdict } from '@inventory/classification';
import type { PaceStatus } from '@inventory/queue';
import { forecastRun, pauseWords } from '@inventory/status';
import { clockTime, timeLeft } from '@inventory/status/words';
import type { ProgressState } from '../display.ts';
import { circuitNote } from '../pace-words.ts';
import { CircuitWatch, GaveUpError, QueueHeldError } from './give-up.ts';

/** What is known about a run at one moment. */
export interface Moment {
  readonly run: RunRecord;
  /** Whether this process has listed all workspaces. */
  readonly listed: boolean;
  readonly totals: Totals;
  readonly pace: PaceStatus;
  /** Outcomes since the last moment. */
  readonly outcomes: readonly Outcome[];
  /** Whether more outcomes have come already. */
  readonly behind: boolean;
}

/** What there is to show at one moment. */
export interface Shown {
  /** One line per finished test. */
  readonly lines: readonly string[];
  readonly notices: readonly string[];
  readonly state: ProgressState;
}

/** Whether all outcomes of a run have come and are shown. */
export function isComplete({ run, listed, behind }: Moment): boolean {
  return listed && !behind && run.open === 0;
}

/** Follows a run from moment to moment, and decides what to show of it and when to give up. */
export class RunProgress {
  readonly #circuit = new CircuitWatch();
  /** How many finished tests have been shown. */
  #shown = 0;
  #pausedUntil = 0;

  /** Takes the next moment. @param now of this machine, epoch ms */
  see(moment: Moment, now: number): Shown {
    const { run, pace } = moment;
    const notices = [this.#pauseNotice(pace, now), this.#circuit.see(pace)].filter((text) => text !== null);
    const done = run.selected - run.open;
    return {
      lines: this.#outcomeLines(moment),
      notices,
      state: { done, total: run.selected, note: note(moment, now) },
    };
  }

  /**
   * Ends the wait for a run that cannot continue.
   * @throws QueueHeldError, GaveUpError, CircuitOpenError
   */
  giveUpIfStuck({ outcomes, pace }: Moment): void {
    const limited = outcomes.some((outcome) => 'error' in outcome && outcome.error.type === 'rate_limited_then_failed');
    if (limited) throw new GaveUpError();
    this.#circuit.giveUpIfStuck();
    if (pace.held === 'auth') throw new QueueHeldError();
  }

  #outcomeLines({ run: { selected, open }, outcomes, behind }: Moment): string[] {
    const done = selected - open;
    if (!behind) {
      // Verdicts that were taken back are shown again when they return.
      const before = done < this.#shown ? 0 : this.#shown;
      this.#shown = Math.max(before, done - outcomes.length);
    }
    return outcomes.map((outcome) => {
      this.#shown += 1;
      return outcomeLine(outcome, `${this.#shown}/${Math.max(this.#shown, selected)}`);
    });
  }

  /** Announces each pause once. */
  #pauseNotice({ pause, now: redisNow }: PaceStatus, now: number): string | null {
    if (pause === null || pause.until <= this.#pausedUntil + 1000) return null;
    this.#pausedUntil = pause.until;
    const left = pause.until - redisNow;
    return `[INFO] ${pauseWords[pause.cause]}: pausing for ${timeLeft(left)}, until ${clockTime(now + left)}`;
  }
}

function note({ run, totals, pace, listed }: Moment, now: number): string {
  if (phaseOf({ listed, open: run.open }) === 'over') return 'done';
  const listing = listed ? '' : 'still listing, ';
  if (pace.circuit !== null) return listing + circuitNote(pace.circuit, pace.now);
  const { requests, ms } = forecastRun(run.open, totals, pace.intervalMs ?? 0);
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const cause = pace.pause === null ? '' : `, ${pauseWords[pace.pause.cause]} until ${clockTime(now + paused)}`;
  const end = clockTime(now + ms + paused);
  return `${listing}about ${requests.expected} requests, ${timeLeft(ms + paused)}, until ${end}${cause}`;
}

/**
 * One line for one finished test, in the words of the tutorial's script.
 * @param place for example `12/345`
 */
export function outcomeLine(outcome: Outcome, place: string): string {
  if ('error' in outcome) {
    const { error } = outcome;
    return `[${place}] [WARN] ${outcome.uuid}: ${error.type} (${error.error})`;
  }
  return `[${place}] ${verdictLine(outcome.uuid, outcome.verdict)}`;
}

function verdictLine(uuid: string, { category, rule, source }: Verdict): string {
  if (source === 'declared') return `${uuid} → ${category} (${rule})`;
  if (category === 'ClassicUT') return `ClassicUT 404: ${uuid}`;
  if (category === 'no sessions') return `UTZ 200: ${uuid} (no sessions)`;
  return `UTZ 200: ${uuid} → ${category} (${findRule(rule)?.rule.because ?? rule})`;
}
