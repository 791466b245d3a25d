import { phaseOf, type RunRecord, runJson } from '@inventory/checkpoints';
import { categories, coverageOf } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import type { PaceStatus } from '@inventory/queue';
import { certaintySays, healthOf, healthText, type RunReport, type Status, statusJson } from '@inventory/status';
import { changeLines, changeTexts, outcomeTexts, progressOf, selectionText } from '@inventory/status/run-words';
import { clockTime, countOf, numberText, shareOf, timeLeft } from '@inventory/status/words';
import { labelled } from './command.ts';
import { onceClosed } from './pace-words.ts';

const minute = 60_000;
/** Past runs shown; `--json` has all that are kept. */
const shownRuns = 5;

/** The status for people. Times are as this machine would show Redis' clock. */
export function statusLines(facts: Status): string[] {
  const { redis, prefix, history, pace, lastVerdictAt } = facts;
  const verdict = lastVerdictAt === null ? 'none yet' : `${timeLeft(Math.max(0, pace.now - lastVerdictAt))} ago`;
  return [
    ...labelled('Redis', [`${redis}, prefix ${prefix}`]),
    ...labelled('State', [stateLine(facts)]),
    ...labelled('Tests', testLines(facts)),
    ...labelled('Coverage', coverageLines(facts)),
    ...labelled('Not final', weakLines(facts)),
    ...labelled('Run', runLines(facts)),
    ...labelled('Past runs', [
      ...history.slice(0, shownRuns).map((run) => pastRunLine(run, pace.now)),
      ...(history.length === 0 ? [] : [`${commandLine('status', '--run ID')} says what one of them changed`]),
    ]),
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

function scheduleLines({ schedules, pace: { now } }: Status): string[] {
  return schedules.map(({ selection, pattern, timeZone, nextAt }) => {
    const of = `${selectionText(selection)}, ${pattern} ${timeZone}`;
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

/** While tests are undecided, how many of them are UTZ is not known: then it is of the UTZ tests so far. */
function coverageLines({ totals: { byCategory, undecided } }: Status): string[] {
  const { typed, utz } = coverageOf(byCategory);
  if (utz === 0) return [];
  const known = `${numberText(typed)} of ${countOf(utz, 'UTZ test')}`;
  if (undecided === 0) return [`${shareOf(typed, utz)}: ${known} with a test type`];
  return [`${shareOf(typed, utz)} so far: ${known} with a test type, ${countOf(undecided, 'test')} undecided`];
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

function ruleLine({ totals: { rules } }: Status): string {
  return rules === 'tutorial' ? rules : `${rules}, chosen by ${commandLine('reclassify')}`;
}

function leftLines({ totals, forecast, pace }: Status): string[] {
  if (totals.open === 0) return ['nothing'];
  const { requests, ms } = forecast;
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const about = `about ${countOf(requests.expected, 'request')} (${numberText(requests.low)} to ${numberText(requests.high)})`;
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
  const types = Object.entries(errorsByType).map(([type, count]) => `${numberText(count)} ${type}`);
  return [
    `${numberText(totals.errors)}: ${types.join(', ')}; ${commandLine('retry')} tries them again`,
    ...recentErrors.map(({ key, error, at }) => `${clockTime(at, pace.now)} ${key}: ${error}`),
  ];
}

function runLines({ runs, totals, pace }: Status): string[] {
  if (runs.length === 0) return ['none yet'];
  const lines = runs.map((run) => runLine(run, pace.now));
  if (runs.length === 1) return lines;
  return [
    ...lines,
    `together: ${doneText(
      progressOf(
        runs.map((run) => runJson(run)),
        totals.open,
        totals.errors,
      ),
    )}`,
  ];
}

/** A run in one line. @param now epoch ms */
export function runLine(run: RunRecord, now: number): string {
  const { selection, startedAt, open } = run;
  const { finished_at } = runJson(run);
  const started = `${selectionText(selection)}, started ${clockTime(startedAt, now)}`;
  const listing = phaseOf(run) === 'listing' ? ', listing not complete yet' : '';
  const ended = finished_at === null ? '' : `, ended ${clockTime(finished_at, now)}`;
  return `${started}: ${doneText(progressOf([runJson(run)], open))}${listing}${ended}`;
}

/** How much is done; an error is not. */
function doneText({ done, selected, errors }: ReturnType<typeof progressOf>): string {
  const all = selected === 1 ? '' : 'all ';
  const count =
    done === selected ? `${all}${countOf(selected, 'test')}` : `${numberText(done)} of ${countOf(selected, 'test')}`;
  return `${count} done${errors > 0 ? `, ${countOf(errors, 'error')}` : ''}`;
}

/** One run for people: what it was, what it took, what it changed. @param now epoch ms */
export function runReportLines(report: RunReport, now: number): string[] {
  const { id, selection, started_at, finished_at, open, verified } = report.run;
  const checks = checked(verified);
  return [
    ...labelled('Run', [`${id}, ${selectionText(selection)}`]),
    ...labelled('Started', [clockTime(started_at, now)]),
    ...labelled('Ended', [finished_at === null ? 'not yet' : clockTime(finished_at, now)]),
    ...labelled('Tests', [doneText(progressOf([report.run], open)), ...outcomeTexts(report.run)]),
    ...labelled('Files', checks === '' ? [] : [checks.replace(/^files /, '')]),
    '',
    ...(report.run.changes === null
      ? ['What changed: not recorded by the version that made this run']
      : changeLines(report)),
  ];
}

/** A past run in one line: when, the outcomes of its tests, and whether the files passed. @param now epoch ms */
export function pastRunLine(run: RunRecord, now: number): string {
  const { id, finished_at, changes } = runJson(run);
  const ended = finished_at === null ? '' : ` to ${clockTime(finished_at, now)}`;
  const outcomes = [countOf(run.selected, 'test'), ...outcomeTexts(run)].join(', ');
  const parts = [outcomes, changes === null ? '' : changeTexts(changes).join(', '), checked(run.verified)];
  const what = parts.filter((part) => part !== '').join('; ');
  return `${clockTime(run.startedAt, now)}${ended}, ${selectionText(run.selection)}: ${what} (${id})`;
}

/** Empty for a run without a check: not every command writes the files. */
function checked(verified: boolean | undefined): string {
  if (verified === undefined) return '';
  return verified ? 'files passed' : `files did not pass: ${commandLine('verify')}`;
}

function workerLines({ processes, now }: PaceStatus): string[] {
  if (processes.length === 0) return [`no worker is connected: ${commandLine('start')} or ${commandLine('worker')}`];
  return processes.map(
    ({ role, host, pid, slots, seenAt }) =>
      `${role} on ${host}, process ${pid}, ${countOf(slots, 'slot')}, seen ${timeLeft(now - seenAt)} ago`,
  );
}

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
