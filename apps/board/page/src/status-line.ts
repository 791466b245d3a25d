import { clockTime, countOf, numberText, timeLeft } from '@inventory/status/words';
import type { Summary } from './answers.ts';
import type { Problem } from './board-api.ts';
import { nearTime } from './words.ts';

/** The most important fact about the inventory, as one sentence, with a command to type where that helps. */
interface StatusLine {
  readonly kind: 'working' | 'waiting' | 'stopped' | 'done' | 'empty';
  readonly word: string;
  readonly sentence: string;
  readonly command?: string;
  /** What follows the command. */
  readonly after?: string;
}

/** How far the current runs are, together. */
interface RunProgress {
  readonly done: number;
  readonly selected: number;
  /** Whether all tests of their workspaces are known. */
  readonly listed: boolean;
}

const doctor = { command: 'npm run doctor', after: 'checks the way to the API' };

/** What to say first. @param now epoch ms by the server's clock */
export function statusLine(summary: Summary, now: number): StatusLine {
  const { tests, workers, pace, runs } = summary;
  if (tests.total === 0 && runs.length === 0) {
    return { kind: 'empty', word: 'Nothing here yet', sentence: '', command: 'npm start', after: 'begins' };
  }
  if (pace.held === 'auth') {
    return { ...doctor, kind: 'stopped', word: 'The API refuses new tokens', sentence: '', after: 'says why' };
  }
  if (pace.held !== null) return { kind: 'stopped', word: 'The queue is held', sentence: pace.held };
  if (tests.open === 0) return runs.some(isListing) ? listingLine(tests.total) : doneLine(summary);
  const waiting = `${countOf(tests.open, 'test')} ${tests.open === 1 ? 'waits' : 'wait'}`;
  if (workers.length === 0) {
    const word = 'No worker is connected';
    return { kind: 'stopped', word, sentence: `${waiting} for`, command: 'npm start' };
  }
  if (pace.circuit !== null) return circuitLine(pace.circuit, waiting, now);
  if (pace.limited_until !== null && Date.parse(pace.limited_until) > now) {
    const word = `Paused by the API until ${clockTime(pace.limited_until, now)}`;
    return { kind: 'waiting', word, sentence: `${waiting}, work continues automatically` };
  }
  return { kind: 'working', word: 'Working', sentence: workSentence(summary, now) };
}

/** How far the current runs are, together. */
export function runProgress({ runs }: Pick<Summary, 'runs'>): RunProgress {
  const current = runs.filter((run) => run.open > 0 || isListing(run));
  const selected = current.reduce((sum, run) => sum + run.selected, 0);
  const open = current.reduce((sum, run) => sum + run.open, 0);
  return { done: selected - open, selected, listed: current.every(({ listed }) => listed) };
}

/** Why the page shows old figures, and how old they are; empty while they are fresh. */
export function staleText(
  problem: Pick<Problem, 'status' | 'message'> | null,
  summary: Pick<Summary, 'at' | 'stale'> | null,
): string {
  const why = staleBecause(problem, summary?.stale ?? false);
  return why === '' || summary === null ? why : `${why} What is shown is from ${clockTime(summary.at)}.`;
}

function staleBecause(problem: Pick<Problem, 'status' | 'message'> | null, stale: boolean): string {
  if (problem === null) return stale ? 'Redis does not answer, trying again.' : '';
  return problem.status === null ? 'Connection lost, trying again.' : `${problem.message} Trying again.`;
}

function isListing({ listed, finished_at }: Summary['runs'][number]): boolean {
  return !listed && finished_at === null;
}

function listingLine(found: number): StatusLine {
  return { kind: 'working', word: 'Listing', sentence: `${countOf(found, 'test')} found so far` };
}

const circuitWords = {
  outage: { kind: 'waiting', wrong: 'The Results API has not answered since' },
  controls: { kind: 'stopped', wrong: 'The Results API has not known its own tests since' },
} as const;

function circuitLine(circuit: NonNullable<Summary['pace']['circuit']>, waiting: string, now: number): StatusLine {
  const { cause, why, since, next_probe_at } = circuit;
  const { kind, wrong } = circuitWords[cause];
  const isDue = Date.parse(next_probe_at) <= now;
  const next = isDue ? 'one request is due' : `one request asks at ${clockTime(next_probe_at, now)}`;
  const reason = why === '' ? '' : `${why.replace(/\.$/, '')}; `;
  return { ...doctor, kind, word: `${wrong} ${nearTime(since, now)}`, sentence: `${reason}${waiting}, ${next};` };
}

function workSentence(summary: Summary, now: number): string {
  const { left } = summary;
  const { done, selected, listed } = runProgress(summary);
  return [
    `${numberText(done)} of ${countOf(selected, 'test')} done`,
    ...(listed ? [] : ['still listing']),
    ...(left.ms > 0 ? [`about ${timeLeft(left.ms)} left`] : []),
    ...(left.ends_at === null ? [] : [`ends ${nearTime(left.ends_at, now)}`]),
  ].join(', ');
}

function doneLine({ errors, tests }: Summary): StatusLine {
  if (tests.unconfirmed > 0) {
    const word = 'Done, but every test was answered 404';
    const are = tests.unconfirmed === 1 ? 'is' : 'are';
    const sentence = `nothing confirms that ${countOf(tests.unconfirmed, 'test')} ${are} ClassicUT;`;
    return { ...doctor, kind: 'waiting', word, sentence };
  }
  if (errors.total === 0) return { kind: 'done', word: 'Done', sentence: 'nothing is waiting' };
  const word = `Done, with ${countOf(errors.total, 'error')}`;
  return { kind: 'waiting', word, sentence: 'nothing is waiting; try again with', command: 'npm run retry' };
}
