import type { RunJson } from '@inventory/checkpoints';
import { printable } from '@inventory/logger';
import type { ChangeJson, RunReport, StallReason } from '@inventory/status';
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
  return {
    id: `run_ended:${run.id}:${end}`,
    event: 'run_ended',
    at: new Date(end).toISOString(),
    account,
    title: `A run has ended: ${outcome}`,
    lines: clean([...changeLines(report), ...files]),
    run,
  };
}

/** Verdicts have got another type. @param changes at least one, all with `type_changed` */
export function typeChanged(account: string, changes: readonly ChangeJson[]): NotifiedEvent {
  const last = changes.at(-1);
  const more = changes.length - named;
  return {
    id: `type_changed:${changes[0]?.cursor}:${last?.cursor}`,
    event: 'type_changed',
    at: last?.at ?? '',
    account,
    title: `${countOf(changes.length, 'test')} ${changes.length === 1 ? 'has' : 'have'} another type`,
    lines: clean([...changes.slice(0, named).map(changedTest), ...(more > 0 ? [`… and ${more} more`] : [])]),
    changes,
  };
}

/** Nothing goes on. */
export function runStalled(account: string, stall: Stall): NotifiedEvent {
  const id = `run_stalled:${Date.parse(stall.at)}`;
  return {
    id,
    event: 'run_stalled',
    at: stall.at,
    account,
    title: 'A run does not go on',
    lines: clean([stall.says]),
    stall,
  };
}

/** What kept a run from going on is over. @param at epoch ms */
export function runRecovered(account: string, stall: Stall, at: number): NotifiedEvent {
  const lines = clean([`Before: ${stall.says}`]);
  const id = `run_recovered:${Date.parse(stall.at)}`;
  return {
    id,
    event: 'run_recovered',
    at: new Date(at).toISOString(),
    account,
    title: 'The run goes on',
    lines,
    stall,
  };
}

/** What `doctor --notify` sends. @param at epoch ms */
export function testEvent(account: string, at: number): NotifiedEvent {
  const lines = ['This is a test: notifications arrive here.'];
  return { id: `test:${at}`, event: 'test', at: new Date(at).toISOString(), account, title: 'Test', lines };
}

/** Titles come from outside. */
function clean(lines: readonly string[]): string[] {
  return lines.map((line) => printable(line).slice(0, 300).toWellFormed());
}
