import { type Outcome, phaseOf, type RunRecord, type Totals } from '@inventory/checkpoints';
import { findRule, type Verdict } from '@inventory/classification';
import type { PaceStatus } from '@inventory/queue';
import { forecastRun, pauseWords, sentence } from '@inventory/status';
import { clockTime, countOf, numberText, timeLeft } from '@inventory/status/words';
import type { ProgressState } from '../display.ts';
import { circuitParts } from '../pace-words.ts';
import { CircuitWatch, GaveUpError, QueueHeldError } from './give-up.ts';

export interface Moment {
  readonly run: RunRecord;
  /** Whether this process has listed all workspaces. */
  readonly listed: boolean;
  readonly totals: Totals;
  readonly pace: PaceStatus;
  /** Its outcomes since the last moment. */
  readonly outcomes: readonly Outcome[];
  /** Whether a test has met nothing but 429 for an hour, whichever run it is of. */
  readonly refused: boolean;
  /** Whether more outcomes have come already. */
  readonly behind: boolean;
  /** Requests of this run so far. */
  readonly sent: { readonly requests: number; readonly throttled: number };
  /** Name of the workspace of the last finished test; null before the first. */
  readonly workspace: string | null;
}

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
  readonly #pauses = new PauseNotices();
  /** How many tests of other runs were in the queue before this one's; null before the first moment. */
  #ahead: number | null = null;

  /** Takes the next moment. @param now of this machine, epoch ms */
  see(moment: Moment, now: number): Shown {
    const { run, pace } = moment;
    const notices = [this.#pauses.see(pace, now), this.#circuit.see(pace)].filter((text) => text !== null);
    const done = run.selected - run.open;
    const others = Math.max(0, moment.totals.open - run.open);
    this.#ahead = Math.min(this.#ahead ?? others, others);
    return {
      lines: this.#outcomeLines(moment),
      notices,
      state: { done, total: run.selected, left: leftParts(moment, this.#ahead, now), soFar: soFarParts(moment) },
    };
  }

  /**
   * Ends the wait for a run that cannot continue.
   * @throws QueueHeldError, GaveUpError, CircuitOpenError
   */
  giveUpIfStuck({ refused, pace }: Moment): void {
    if (refused) throw new GaveUpError();
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
}

/** Within this time further pauses for the same reason are only counted, ms. */
const foldMs = 600_000;

/** Announces a pause once, and pauses that follow each other together. */
class PauseNotices {
  #until = 0;
  #said = { cause: '', at: -Infinity };
  #folded = 0;

  see({ pause, now: redisNow }: PaceStatus, now: number): string | null {
    if (pause === null || pause.until <= this.#until + 1000) return null;
    this.#until = pause.until;
    const { cause, at } = this.#said;
    if (pause.cause === cause && now - at < foldMs) {
      this.#folded += 1;
      return null;
    }
    const more = this.#folded === 0 ? '' : ` (${countOf(this.#folded, 'more pause')} since ${clockTime(at, now)})`;
    this.#said = { cause: pause.cause, at: now };
    this.#folded = 0;
    const left = pause.until - redisNow;
    return `[INFO] ${sentence(pauseWords[pause.cause])}: pausing for ${timeLeft(left)}, until ${clockTime(now + left)}${more}`;
  }
}

/** @param ahead how many tests of other runs are before those of this one */
function leftParts({ run, totals, pace, listed }: Moment, ahead: number, now: number): string[] {
  if (phaseOf({ listed, open: run.open }) === 'over') return ['done'];
  const listing = listed ? [] : ['still listing'];
  if (pace.circuit !== null) return [...circuitParts(pace.circuit, pace.now), ...listing];
  if (run.open === 0) return listing;
  const { requests } = forecastRun(run.open, totals, pace.intervalMs ?? 0);
  const { ms } = forecastRun(run.open + ahead, totals, pace.intervalMs ?? 0);
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const cause = pace.pause === null ? [] : [`${pauseWords[pace.pause.cause]} until ${clockTime(now + paused)}`];
  return [...cause, ...listing, timeLeftText(ms + paused, now), `~${numberText(requests.expected)} requests to go`];
}

/** `27 min left (ends about 10:57)`; with seconds when it is near. */
function timeLeftText(ms: number, now: number): string {
  const end = clockTime(now + ms, now);
  return `${timeLeft(ms)} left (ends about ${ms < 90_000 ? end : end.slice(0, -3)})`;
}

function soFarParts({ run, sent, workspace }: Moment): string[] {
  return [
    countOf(sent.requests, 'request'),
    countOf(run.outcomes['error'] ?? 0, 'error'),
    sent.throttled === 0 ? 'no 429' : `${numberText(sent.throttled)} × 429`,
    ...(workspace === null || run.open === 0 ? [] : [`now in ${workspace}`]),
  ];
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
