import type { Summary } from '../answers/summary.ts';
import { countOf, number } from '../words/count.ts';
import { clockTime, nearMoment } from '../words/moment.ts';
import { timeLeft } from '../words/time-left.ts';
import { runProgress } from './run-progress.ts';

/** How things stand, in one sentence with a command to type where that helps. */
export interface Standing {
  readonly kind: 'working' | 'waiting' | 'stopped' | 'done' | 'empty';
  readonly word: string;
  readonly sentence: string;
  readonly command?: string;
  /** What follows the command. */
  readonly after?: string;
}

/** What is to be said first. @param now epoch ms by the server's clock */
export function standingOf(summary: Summary, now: number): Standing {
  const { tests, workers, pace } = summary;
  if (tests.total === 0 && summary.runs.length === 0) return empty;
  if (pace.held !== null) return heldStanding(pace.held);
  if (tests.open > 0 && workers.length === 0) {
    const sentence = `${countOf(tests.open, 'test')} ${tests.open === 1 ? 'waits' : 'wait'} for`;
    return { kind: 'stopped', word: 'No worker is connected', sentence, command: 'npm start' };
  }
  if (pace.circuit !== null && tests.open > 0) return circuitStanding(pace.circuit, tests.open, now);
  const { limitedUntil } = pace;
  if (limitedUntil !== null && Date.parse(limitedUntil) > now && tests.open > 0) {
    const sentence = `${number(tests.open)} tests wait, work goes on by itself`;
    return { kind: 'waiting', word: `Paused by the API until ${clockTime(limitedUntil)}`, sentence };
  }
  if (tests.open > 0) return { kind: 'working', word: 'Working', sentence: workSentence(summary, now) };
  if (summary.runs.some(({ listed, finishedAt }) => !listed && finishedAt === null)) {
    return { kind: 'working', word: 'Listing', sentence: `${countOf(tests.total, 'test')} found so far` };
  }
  return doneStanding(summary);
}

const empty: Standing = {
  kind: 'empty',
  word: 'Nothing here yet',
  sentence: '',
  command: 'npm start',
  after: 'begins',
};

function heldStanding(held: string): Standing {
  if (held !== 'auth') return { kind: 'stopped', word: 'The queue is held', sentence: held };
  const word = 'The API refuses new tokens';
  return { kind: 'stopped', word, sentence: '', command: 'npm run doctor', after: 'says why' };
}

const circuitWords = {
  outage: { kind: 'waiting', wrong: 'The Results API has not answered since' },
  controls: { kind: 'stopped', wrong: 'The Results API has not known its own tests since' },
} as const;

function circuitStanding(circuit: NonNullable<Summary['pace']['circuit']>, open: number, now: number): Standing {
  const { cause, why, since, nextProbeAt } = circuit;
  const { kind, wrong } = circuitWords[cause];
  const next = Date.parse(nextProbeAt) > now ? `one request asks at ${clockTime(nextProbeAt)}` : 'one request is due';
  const waiting = `${countOf(open, 'test')} ${open === 1 ? 'waits' : 'wait'}`;
  const sentence = [...(why === '' ? [] : [why.replace(/\.$/, '')]), `${waiting}, ${next};`].join('; ');
  return {
    kind,
    word: `${wrong} ${nearMoment(since, now)}`,
    sentence,
    command: 'npm run doctor',
    after: 'checks the way to the API',
  };
}

function workSentence(summary: Summary, now: number): string {
  const { left } = summary;
  const { done, selected, listed } = runProgress(summary);
  return [
    `${number(done)} of ${countOf(selected, 'test')} done`,
    ...(listed ? [] : ['still listing']),
    ...(left.ms > 0 ? [`about ${timeLeft(left.ms)} left`] : []),
    ...(left.endsAt === null ? [] : [`ends ${nearMoment(left.endsAt, now)}`]),
  ].join(', ');
}

function doneStanding({ errors, tests }: Summary): Standing {
  if (tests.unconfirmed > 0) {
    const sentence = `nothing confirms that ${countOf(tests.unconfirmed, 'test')} ${tests.unconfirmed === 1 ? 'is' : 'are'} ClassicUT;`;
    const word = 'Done, but every test was answered 404';
    return { kind: 'waiting', word, sentence, command: 'npm run doctor', after: 'checks the way to the API' };
  }
  if (errors.total === 0) return { kind: 'done', word: 'Done', sentence: 'nothing is waiting' };
  const word = `Done, with ${countOf(errors.total, 'error')}`;
  return { kind: 'waiting', word, sentence: 'nothing is waiting; try again with', command: 'npm run retry' };
}
