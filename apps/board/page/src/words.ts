import { type Health, sentence } from '@inventory/status/health';
import { progressOf, selectionText } from '@inventory/status/run-words';
import { clockTime, countOf, numberText } from '@inventory/status/words';
import type { Run, Summary, Workspace } from './answers.ts';
import type { LatestSummary } from './board-api.ts';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const dayMs = 86_400_000;

/** A time near `now`: `12:31`, `Tue 14:05`, `3 Mar 2026, 14:05`. @param now epoch ms */
export function nearTime(at: string, now: number): string {
  const then = new Date(at);
  const short = time.format(then).slice(0, 5);
  if (then.toDateString() === new Date(now).toDateString()) return short;
  if (Math.abs(then.getTime() - now) < 6 * dayMs) return weekday.format(then).replace(',', '');
  return `${date.format(then)}, ${short}`;
}

/** A date: `3 Mar 2026`; a dash for none. */
export function dateText(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : date.format(new Date(at));
}

/** A date with its time: `3 Mar 2026, 14:05:09`; a dash for none. */
export function dateAndTime(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : `${dateText(at)}, ${time.format(new Date(at))}`;
}

/** A month or a year for people: `Mar 2026`, `2026`. @param period `2026-03` or `2026` */
export function periodText(period: string): string {
  return period.includes('-') ? month.format(new Date(`${period}-01T00:00:00Z`)) : period;
}

/** How much of a run is done: `all 1,204 tests`, `56 of 300 tests done`. An error is not. */
export function workText(run: Run): string {
  const { selected, open, listed } = run;
  const tests = countOf(selected, 'test');
  if (!listed && open === 0) return `${tests}, still listing`;
  if (selected === 0) return 'nothing to do';
  const { done } = progressOf([run], open);
  return done === selected ? `all ${tests}` : `${numberText(done)} of ${tests} done`;
}

/** Which tests a run was for: the name of its workspace, if it is one. @param selection as the API has it */
export function selectionName(selection: string, workspaces: readonly Workspace[]): string {
  const name = workspaces.find(({ uuid }) => uuid === selection)?.name;
  return name || sentence(selectionText(selection));
}

/** Why the page shows old figures, and how old they are; null while they are fresh. */
export function staleHealth(
  problem: LatestSummary['problem'],
  summary: Pick<Summary, 'at' | 'stale'> | null,
): Health | null {
  const from = summary === null ? '' : clockTime(summary.at);
  const more = summary === null ? 'trying again' : `what is shown is from ${from}; trying again`;
  if (problem === null) {
    if (!summary?.stale) return null;
    const todo = { command: 'doctor', does: 'says whether it can be reached' };
    return { kind: 'stopped', what: `Redis has not answered since ${from}`, more, todo };
  }
  if (problem.status !== null) return { kind: 'stopped', what: problem.message.replace(/\.$/, ''), more, todo: null };
  const todo = { command: 'board', does: 'starts the board if it has ended' };
  return { kind: 'stopped', what: 'Connection lost', more, todo };
}
