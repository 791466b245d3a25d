import { categories } from '@inventory/classification';
import { certaintySays, type Status } from '@inventory/status';
import { countOf } from '../answer/count-of.ts';
import { labelled } from '../answer/labelled.ts';
import { onceClosed } from '../progress/circuit-text.ts';
import { clockTime } from '../progress/clock-time.ts';
import { timeLeft } from '../progress/time-left.ts';
import { paceLines, workerLines } from './pace-lines.ts';
import { pastRunLine } from './past-run-line.ts';
import { runLine } from './run-line.ts';

/** Of the runs that are over; `--json` has all that are kept. */
const shownRuns = 5;

/** The status for people. Times are as this machine would show Redis' clock. */
export function statusLines(facts: Status): string[] {
  const { redis, prefix, inUse, runs, history, pace, lastVerdictAt } = facts;
  const verdict = lastVerdictAt === null ? 'none yet' : `${timeLeft(Math.max(0, pace.now - lastVerdictAt))} ago`;
  return [
    ...labelled('Redis', [`${redis}, prefix ${prefix}`]),
    ...(inUse ? [] : labelled('', ['nothing is known here yet: npm start begins'])),
    ...labelled('Tests', testLines(facts)),
    ...labelled('Not final', weakLines(facts)),
    ...labelled('Run', runs.length === 0 ? ['none yet'] : runs.map((run) => runLine(run, pace.now))),
    ...labelled(
      'Past runs',
      history.slice(0, shownRuns).map((run) => pastRunLine(run, pace.now)),
    ),
    ...labelled('Still to do', leftLines(facts)),
    ...labelled('Rules', [ruleLine(facts)]),
    ...labelled('Workers', workerLines(pace)),
    ...labelled('Pace', paceLines(pace)),
    ...labelled('Token', [tokenLine(facts)]),
    ...labelled('Last verdict', [verdict]),
    ...labelled('Errors', errorLines(facts)),
  ];
}

function testLines({ totals }: Status): string[] {
  const { tests, undecided, byCategory, open } = totals;
  const decided = categories.map((category) => [category, byCategory[category] ?? 0] as const);
  const number = (count: number): string => count.toLocaleString('en-US').padStart(9);
  return [
    `${tests.toLocaleString('en-US')} known`,
    ...decided.filter(([, count]) => count > 0).map(([category, count]) => `${number(count)}  ${category}`),
    ...(undecided > 0 ? [`${number(undecided)}  undecided`] : []),
    ...(open > 0 ? [`${number(open)}  in the queue`] : []),
  ];
}

/** How many verdicts are not final, and what becomes of them. */
function weakLines({ totals: { provisional, provisionalFrom, unconfirmed }, pace: { now } }: Status): string[] {
  const from = provisionalFrom === null ? '' : `: asked once more by runs after ${clockTime(provisionalFrom, now)}`;
  return [
    ...(provisional > 0 ? [`${countOf(provisional, 'verdict')} provisional${from}`] : []),
    ...(unconfirmed > 0
      ? [`[WARN] ${countOf(unconfirmed, 'verdict')} unconfirmed: ${certaintySays('unconfirmed')}`]
      : []),
  ];
}

/** By which rules tests are probed. */
function ruleLine({ totals: { rules } }: Status): string {
  return rules === 'tutorial' ? rules : `${rules}, chosen by npm run reclassify`;
}

function leftLines({ totals, forecast, pace }: Status): string[] {
  if (totals.open === 0) return ['nothing'];
  const { requests, ms } = forecast;
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const about = `about ${countOf(requests.expected, 'request')} (${requests.low} to ${requests.high})`;
  const until = clockTime(pace.now + ms + paused, pace.now);
  if (pace.processes.length === 0) return [`${about}, ${timeLeft(ms)} once a worker is connected`];
  if (pace.held !== null) return [`${about}, ${timeLeft(ms)} once the queue goes on`];
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
    `${totals.errors.toLocaleString('en-US')}: ${types.join(', ')}; npm run retry tries them again`,
    ...recentErrors.map(({ key, error, at }) => `${clockTime(at, pace.now)} ${key}: ${error}`),
  ];
}
