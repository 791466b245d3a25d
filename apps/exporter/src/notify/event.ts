import type { RunJson } from '@inventory/checkpoints';
import { printable } from '@inventory/logger';
import {
  type ChangeJson,
  healthOf,
  healthText,
  type RunReport,
  type ShortStatus,
  type StallReason,
  statusJson,
} from '@inventory/status';
import { changedTest, changeLines } from '@inventory/status/run-words';
import { countOf } from '@inventory/status/words';

/** Something that somebody wants to hear of without asking. */
export interface NotifiedEvent {
  /** The same each time the event is sent: a receiver that has it already drops it. Without a dot. */
  readonly id: string;
  readonly event: 'run_ended' | 'run_stalled' | 'run_recovered' | 'type_changed' | 'test';
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The account's name, or its prefix. */
  readonly account: string;
  /** For people: one line that says it all. */
  readonly title: string;
  /** For people: what else there is to say. */
  readonly lines: readonly string[];
  /** The run that has ended, in the words of `status --json`. */
  readonly run?: RunJson;
  /** The tests whose type has changed, in the words of `/api/changes`. */
  readonly changes?: readonly ChangeJson[];
  /** Why nothing goes on, or did not. */
  readonly stall?: Stall;
}

/** A state of the account in which open tests wait and nothing goes on. */
export interface Stall {
  readonly reason: StallReason;
  /** For people: what is so, since when, and what to do. */
  readonly says: string;
  /** When it was noticed, ISO 8601 in UTC. */
  readonly at: string;
}

/** How many tests a message names. */
const named = 10;

/** A run has ended. @param end when, epoch ms */
export function runEnded(account: string, report: RunReport, end: number): NotifiedEvent {
  const { run } = report;
  const errors = run.outcomes['error'] ?? 0;
  const outcome = `${countOf(run.selected, 'test')}${errors > 0 ? `, ${countOf(errors, 'error')}` : ''}`;
  const files = run.verified === false ? ['The state files did not pass their checks.'] : [];
  const words = { title: `A run has ended: ${outcome}`, lines: [...changeLines(report), ...files] };
  return { ...eventOf('run_ended', `${run.id}:${end}`, { account, at: end, ...words }), run };
}

/** Verdicts have got another type. @param changes at least one, all with `type_changed` */
export function typeChanged(account: string, changes: readonly ChangeJson[]): NotifiedEvent {
  const last = changes.at(-1);
  const more = changes.length - named;
  const title = `${countOf(changes.length, 'test')} ${changes.length === 1 ? 'has' : 'have'} another type`;
  const lines = [...changes.slice(0, named).map(changedTest), ...(more > 0 ? [`… and ${more} more`] : [])];
  const at = Date.parse(last?.at ?? '');
  return {
    ...eventOf('type_changed', `${changes[0]?.cursor}:${last?.cursor}`, { account, at, title, lines }),
    changes,
  };
}

/** Nothing goes on. */
export function runStalled(account: string, stall: Stall): NotifiedEvent {
  const at = Date.parse(stall.at);
  const words = { title: 'A run does not go on', lines: [stall.says] };
  return { ...eventOf('run_stalled', String(at), { account, at, ...words }), stall };
}

/** What kept a run from going on is over. @param at epoch ms */
export function runRecovered(account: string, stall: Stall, at: number): NotifiedEvent {
  const words = { title: 'The run goes on', lines: [`Before: ${stall.says}`] };
  return { ...eventOf('run_recovered', String(Date.parse(stall.at)), { account, at, ...words }), stall };
}

/** What `doctor --notify` sends. @param at epoch ms */
export function testEvent(account: string, at: number): NotifiedEvent {
  const lines = ['This is a test: notifications arrive here.'];
  return eventOf('test', String(at), { account, at, title: 'Test', lines });
}

interface EventParts extends Pick<NotifiedEvent, 'account' | 'title' | 'lines'> {
  /** Epoch ms. */
  readonly at: number;
}

/** @param which tells it from others of its kind */
function eventOf(
  event: NotifiedEvent['event'],
  which: string,
  { at, account, title, lines }: EventParts,
): NotifiedEvent {
  // Titles of tests come from outside.
  const shown = lines.map((line) => printable(line).slice(0, 300).toWellFormed());
  return { id: `${event}:${which}`, event, at: new Date(at).toISOString(), account, title, lines: shown };
}

/** Why open tests wait, and whether that lasts long enough to be told. */
export interface SeenStall extends Pick<Stall, 'reason' | 'says'> {
  readonly isLong: boolean;
}

/** An outage of a few minutes ends by itself, ms. */
const outageIsLong = 600_000;
/** Workers that are replaced are away for a moment, ms. */
const absenceIsLong = 120_000;

/**
 * What keeps open tests from being classified; null when work goes on, or none waits.
 * @param from when a stall was first seen, epoch ms of Redis' clock
 */
export function stallOf(status: ShortStatus, from: number): SeenStall | null {
  const { totals, pace } = status;
  const { tests: total, open, unconfirmed } = totals;
  if (open === 0) return null;
  const facts = {
    ...statusJson({ ...status, schedules: [], errorsByType: {}, recentErrors: [] }),
    tests: { total, open, unconfirmed },
  };
  const health = healthOf(facts, pace.now);
  if (health.stall === undefined) return null;
  return { reason: health.stall, says: healthText(health), isLong: isLong(health.stall, pace, from) };
}

function isLong(reason: StallReason, { now, circuit }: ShortStatus['pace'], from: number): boolean {
  if (reason === 'held') return true;
  if (reason !== 'circuit') return isOver(from, absenceIsLong, now);
  return circuit !== null && (circuit.cause === 'controls' || isOver(circuit.since, outageIsLong, now));
}

/** Whether so much time has passed. A later moment is from before Redis' clock was set back: nobody knows how long ago. */
export function isOver(since: number, ms: number, now: number): boolean {
  return now < since || now - since >= ms;
}
