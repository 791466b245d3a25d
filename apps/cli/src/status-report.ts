import { phaseOf, type RunRecord } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import type { PaceStatus } from '@inventory/queue';
import { certaintySays, healthOf, healthText, type Status, statusJson } from '@inventory/status';
import { clockTime, countOf, numberText, timeLeft } from '@inventory/status/words';
import { labelled } from './command.ts';
import { onceClosed } from './pace-words.ts';

const minute = 60_000;
/** Past runs shown; `--json` has all that are kept. */
const shownRuns = 5;

/** The status for people. Times are as this machine would show Redis' clock. */
export function statusLines(facts: Status): string[] {
  const { redis, prefix, runs, history, pace, lastVerdictAt } = facts;
  const verdict = lastVerdictAt === null ? 'none yet' : `${timeLeft(Math.max(0, pace.now - lastVerdictAt))} ago`;
  return [
    ...labelled('Redis', [`${redis}, prefix ${prefix}`]),
    ...labelled('State', [stateLine(facts)]),
    ...labelled('Tests', testLines(facts)),
    ...labelled('Not final', weakLines(facts)),
    ...labelled('Run', runs.length === 0 ? ['none yet'] : runs.map((run) => runLine(run, pace.now))),
    ...labelled(
      'Past runs',
      history.slice(0, shownRuns).map((run) => pastRunLine(run, pace.now)),
    ),
    ...labelled('Next run', scheduleLines(facts)),
    ...labelled('Still to do', leftLines(facts)),
    ...labelled('Rules', [ruleLine(facts)]),
    ...labelled('Workers', workerLines(pace)),
    ...labelled('Pace', paceLines(pace)),
    ...labelled('Token', [tokenLine(facts)]),
    ...labelled('Last verdict', [verdict]),
    ...labelled('Errors', errorLines(facts)),
  ];
}

const levels = { waiting: '[WARN] ', stopped: '[FAIL] ', working: '', done: '', empty: '' };

/** The most important fact, and what to do about it. */
function stateLine(facts: Status): string {
  const { tests: total, open, unconfirmed } = facts.totals;
  const health = healthOf({ ...statusJson(facts), tests: { total, open, unconfirmed } }, facts.pace.now);
  return levels[health.kind] + healthText(health);
}

/** When scheduled runs begin. */
function scheduleLines({ schedules, pace: { now } }: Status): string[] {
  return schedules.map(({ selection, pattern, timeZone, nextAt }) => {
    const of = `${selectionName(selection)}, ${pattern} ${timeZone}`;
    if (nextAt === null) return `[WARN] none: the process that kept the schedule is gone (${of})`;
    return `${clockTime(nextAt, now)}, in ${timeLeft(nextAt - now)} (${of})`;
  });
}

function testLines({ totals }: Status): string[] {
  const { tests, undecided, byCategory, open } = totals;
  const classified = categories.map((category) => [category, byCategory[category] ?? 0] as const);
  const number = (count: number): string => numberText(count).padStart(9);
  return [
    `${numberText(tests)} known`,
    ...classified.filter(([, count]) => count > 0).map(([category, count]) => `${number(count)}  ${category}`),
    ...(undecided > 0 ? [`${number(undecided)}  without a verdict`] : []),
    ...(open > 0 ? [`${number(open)}  in the queue`] : []),
  ];
}

/** How many verdicts are not final, and what happens to them. */
function weakLines({ totals: { provisional, provisionalFrom, unconfirmed }, pace: { now } }: Status): string[] {
  const from = provisionalFrom === null ? '' : `: probed again by runs after ${clockTime(provisionalFrom, now)}`;
  return [
    ...(provisional > 0 ? [`${countOf(provisional, 'verdict')} provisional${from}`] : []),
    ...(unconfirmed > 0
      ? [`[WARN] ${countOf(unconfirmed, 'verdict')} unconfirmed: ${certaintySays('unconfirmed')}`]
      : []),
  ];
}

/** The rule set for probed tests. */
function ruleLine({ totals: { rules } }: Status): string {
  return rules === 'tutorial' ? rules : `${rules}, chosen by ${commandLine('reclassify')}`;
}

function leftLines({ totals, forecast, pace }: Status): string[] {
  if (totals.open === 0) return ['nothing'];
  const { requests, ms } = forecast;
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const about = `about ${countOf(requests.expected, 'request')} (${requests.low} to ${requests.high})`;
  const until = clockTime(pace.now + ms + paused, pace.now);
  if (pace.processes.length === 0) return [`${about}, ${timeLeft(ms)} once a worker is connected`];
  if (pace.held !== null) return [`${about}, ${timeLeft(ms)} once the queue is released`];
  if (pace.circuit !== null) return [`${about}, ${timeLeft(ms)} ${onceClosed(pace.circuit)}`];
  return [`${about}, ${timeLeft(ms + paused)}, until ${until}`];
}

function tokenLine({ tokenExpiresAt, pace: { now } }: Status): string {
  if (tokenExpiresAt === null) return 'none known for these credentials';
  return tokenExpiresAt > now
    ? `expires in ${timeLeft(tokenExpiresAt - now)}, at ${clockTime(tokenExpiresAt, now)}`
    : `expired at ${clockTime(tokenExpiresAt, now)}; the next command that needs one gets a new one`;
}

function errorLines({ errorsByType, recentErrors, totals, pace }: Status): string[] {
  if (totals.errors === 0) return ['none'];
  const types = Object.entries(errorsByType).map(([type, count]) => `${count} ${type}`);
  return [
    `${numberText(totals.errors)}: ${types.join(', ')}; ${commandLine('retry')} tries them again`,
    ...recentErrors.map(({ key, error, at }) => `${clockTime(at, pace.now)} ${key}: ${error}`),
  ];
}

/** A run in one line. @param now epoch ms */
export function runLine(run: RunRecord, now: number): string {
  const { selection, startedAt, selected, open, finishedAt } = run;
  const started = `${selectionName(selection)}, started ${clockTime(startedAt, now)}`;
  const done = `${numberText(selected - open)} of ${countOf(selected, 'test')} done`;
  const ended = finishedAt === undefined ? '' : `, ended ${clockTime(finishedAt, now)}`;
  const texts = {
    listing: `${done}, listing not complete yet`,
    working: done,
    over: `all ${countOf(selected, 'test')} done${ended}`,
  };
  return `${started}: ${texts[phaseOf(run)]}`;
}

/** The selection of a run in words. */
function selectionName(selection: string): string {
  if (selection === 'all') return 'all workspaces';
  if (selection === 'retry') return 'retry of errors';
  if (selection === 'reclassify') return 'reclassification';
  if (selection.startsWith('audit ')) return 'audit';
  return countOf(selection.split(',').length, 'workspace');
}

/** A past run in one line: when, the outcomes of its tests, and whether the files passed. @param now epoch ms */
export function pastRunLine({ selection, startedAt, finishedAt, ...run }: RunRecord, now: number): string {
  const ended = finishedAt === undefined ? '' : ` to ${clockTime(finishedAt, now)}`;
  const parts = [countOf(run.selected, 'test'), ...outcomeTexts(run)].join(', ');
  return `${clockTime(startedAt, now)}${ended}, ${selectionName(selection)}: ${parts}; ${checked(run.verified)}`;
}

/** By type, in the usual order; errors last. */
function outcomeTexts({ outcomes }: Pick<RunRecord, 'outcomes'>): string[] {
  const decided = categories.map((category) => [outcomes[category] ?? 0, category] as const);
  const errors = outcomes['error'] ?? 0;
  return [
    ...decided.filter(([count]) => count > 0).map(([count, category]) => `${count} ${category}`),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ];
}

function checked(verified: boolean | undefined): string {
  if (verified === undefined) return 'files not checked yet';
  return verified ? 'files passed' : `files did not pass: ${commandLine('verify')}`;
}

/** The processes that classify tests, one line each. */
function workerLines({ processes, now }: PaceStatus): string[] {
  if (processes.length === 0) return [`no worker is connected: ${commandLine('start')} or ${commandLine('worker')}`];
  return processes.map(
    ({ role, host, pid, slots, seenAt }) =>
      `${role} on ${host}, process ${pid}, ${countOf(slots, 'slot')}, seen ${timeLeft(now - seenAt)} ago`,
  );
}

/** The pace in force. */
function paceLines({ now, intervalMs, starts }: PaceStatus): string[] {
  const [last] = starts;
  const recent = starts.filter((at) => now - at < minute).length;
  const lately = last === undefined ? 'no request yet' : `last request ${timeLeft(Math.max(0, now - last))} ago`;
  return [
    intervalMs === null
      ? 'no limit has been set yet'
      : `${intervalMs === 0 ? 'no limit' : `one request per ${intervalMs / 1000} s`}; ${lately}, ${recent} in the last minute`,
  ];
}
