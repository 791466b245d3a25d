/**
 * What the account is doing, or what keeps it from that: the same for `npm run status` and the board's page, which
 * bundles this file. Pure, without Node.
 */
import { commandLine } from '@inventory/logger/command-line';
import type { CircuitCause, OpenCircuit, PauseCause } from '@inventory/queue';
import { progressOf, type RunCounts } from './run-words.ts';
import { clockTime, countOf, isoTime, numberText, timeLeft } from './words.ts';

/** What to check when the Results API answers 404 for everything. */
export const checkTheWay =
  'check API_BASE_URL, the access of the account to the Results API, and any gateway or proxy in between';

/** An open circuit for machines; times are ISO 8601 in UTC. */
export function circuitJson(circuit: OpenCircuit | null) {
  if (circuit === null) return null;
  const { cause, why, since, nextProbeAt } = circuit;
  return { cause, why, since: isoTime(since), next_probe_at: isoTime(nextProbeAt) };
}

/** Phrases for people about an open circuit. */
interface CircuitWords {
  /** What is wrong, since when and why. @param why of the circuit; may be empty */
  readonly trouble: (since: string, why: string) => string;
  /** The same for a progress bar; a time follows. */
  readonly since: string;
  /** What closes it. */
  readonly again: string;
  /** What to do about it. */
  readonly advice: string;
}

export const circuitWords: Readonly<Record<CircuitCause, CircuitWords>> = {
  outage: {
    trouble: (since, why) => `the Results API has not answered since ${since}${why === '' ? '' : ` (${why})`}`,
    since: 'no answer since',
    again: 'the Results API answers again',
    advice: 'see whether network, proxy and API are up; work continues automatically',
  },
  controls: {
    trouble: (since, why) => `${why}: everything has waited since ${since}`,
    since: '404 for known tests since',
    again: 'the Results API knows its tests again',
    advice: checkTheWay,
  },
};

/** An open circuit, with its times as epoch ms or ISO 8601. */
type Circuit = Pick<OpenCircuit, 'cause' | 'why'> & { readonly since: number | string };

/** What is wrong, since when and why. @param now epoch ms of Redis' clock */
export function circuitTrouble({ cause, why, since }: Circuit, now: number): string {
  // Of an error its first sentence: what to do is said behind it.
  return circuitWords[cause].trouble(clockTime(since, now), why.replace(/\.(\s.*)?$/s, ''));
}

/** What happens next: when the next request is sent. @param now epoch ms of Redis' clock */
export function circuitNext(nextProbeAt: number | string, now: number): string {
  const isAhead = new Date(nextProbeAt).getTime() > now;
  return `no requests except ${isAhead ? `one at ${clockTime(nextProbeAt, now)}` : 'one, which is due now'}`;
}

/** What the health is read from, in the words of `status --json` and of the board's summary. Times are ISO 8601. */
export interface HealthFacts {
  readonly tests: { readonly total: number; readonly open: number; readonly unconfirmed: number };
  readonly errors: { readonly total: number };
  readonly runs: readonly RunFacts[];
  readonly workers: readonly unknown[];
  readonly pace: PaceFacts;
  readonly left: { readonly ms: number; readonly ends_at: string | null };
}

interface RunFacts extends RunCounts {
  readonly listed: boolean;
  readonly finished_at: string | null;
}

interface PaceFacts {
  readonly interval_ms: number | null;
  readonly limited_until: string | null;
  readonly cause: PauseCause | 'unknown' | null;
  readonly held: string | null;
  readonly held_since: string | null;
  readonly circuit: {
    readonly cause: CircuitCause;
    readonly why: string;
    readonly since: string;
    readonly next_probe_at: string;
  } | null;
  readonly last_request_at: string | null;
}

/** Why open tests wait although somebody wants them classified. */
export type StallReason = 'held' | 'no_worker' | 'circuit' | 'no_request';

/** The most important fact about an account. */
export interface Health {
  /** `waiting`: work continues without a person, or little is wrong. `stopped`: a person has to act. */
  readonly kind: 'working' | 'waiting' | 'stopped' | 'done' | 'empty';
  /** What is so, and since when. */
  readonly what: string;
  /** More about it, as a clause; may be empty. */
  readonly more: string;
  /** What to do about it: the name of a command for `commandLine`, and what it does; null where there is nothing to do. */
  readonly todo: { readonly command: string; readonly does: string } | null;
  /** Missing where nothing keeps open tests waiting, or only a pause does. */
  readonly stall?: StallReason;
}

/** Why everything pauses. */
export const pauseWords: Readonly<Record<PauseCause | 'unknown', string>> = {
  refused: 'limited by the API (429)',
  'rate used up': "another program is using up this account's rate",
  'no token': 'no access token available',
  unavailable: 'the API asks for a pause (503)',
  unknown: 'paused',
};

const checksTheWay = { command: 'doctor', does: 'checks the way to the API' };

/** Without a request for so long, or for three intervals if these are longer, work does not go on, ms. */
const longestSilence = 300_000;

/** What is so with an account. The first thing that keeps it from working counts. @param now epoch ms of Redis' clock */
export function healthOf(facts: HealthFacts, now: number): Health {
  const { tests, errors, workers, pace, runs } = facts;
  if (tests.total + errors.total === 0 && !runs.some(isListing)) {
    const todo = { command: 'start', does: 'begins' };
    return { kind: 'empty', what: 'Nothing here yet', more: '', todo };
  }
  if (pace.held !== null) return heldHealth(pace.held, pace.held_since, now);
  if (tests.open === 0) return runs.some(isListing) ? listingHealth(facts) : doneHealth(facts);
  const waiting = `${countOf(tests.open, 'test')} ${tests.open === 1 ? 'waits' : 'wait'}`;
  if (workers.length === 0) {
    const what = `No worker is connected${sinceText(pace.last_request_at, now, ', no request since')}`;
    const todo = { command: 'start', does: 'continues' };
    return { kind: 'stopped', what, more: waiting, todo, stall: 'no_worker' };
  }
  if (pace.circuit !== null) return circuitHealth(pace.circuit, waiting, now);
  if (pace.limited_until !== null && Date.parse(pace.limited_until) > now) {
    const until = clockTime(pace.limited_until, now);
    const what = sentence(`${pauseWords[pace.cause ?? 'unknown']} until ${until}`);
    return { kind: 'waiting', what, more: `${waiting}, work continues automatically`, todo: null };
  }
  const silence = now - Date.parse(pace.last_request_at ?? '');
  if (silence > Math.max(longestSilence, 3 * (pace.interval_ms ?? 0))) {
    const what = `No request${sinceText(pace.last_request_at, now, ' since')}`;
    const todo = { command: 'doctor', does: 'says what is wrong' };
    return { kind: 'stopped', what, more: `${waiting}, although a worker is connected`, todo, stall: 'no_request' };
  }
  return { kind: 'working', what: 'Working', more: workText(facts, now), todo: null };
}

/** The whole as one line of text. */
export function healthText({ what, more, todo }: Health): string {
  const action = todo === null ? '' : `${commandLine(todo.command)} ${todo.does}`;
  const rest = [more, action].filter((part) => part !== '').join('; ');
  return rest === '' ? what : `${what}: ${rest}`;
}

/** How far the current runs are, together. */
export function runProgress({
  runs,
  tests,
  errors,
}: Pick<HealthFacts, 'runs' | 'errors'> & { readonly tests: Pick<HealthFacts['tests'], 'open'> }) {
  const current = runs.filter((run) => run.open > 0 || isListing(run));
  return { ...progressOf(current, tests.open, errors.total), listed: current.every(({ listed }) => listed) };
}

/** With a capital letter. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function isListing({ listed, finished_at }: RunFacts): boolean {
  return !listed && finished_at === null;
}

/** ` since 14:02:06 (12 min)`; empty where the time is not known. */
function sinceText(at: string | null, now: number, word: string): string {
  return at === null ? '' : `${word} ${clockTime(at, now)} (${timeLeft(now - Date.parse(at))})`;
}

function heldHealth(held: string, since: string | null, now: number): Health {
  if (held !== 'auth') {
    const what = `The queue is held (${held})${sinceText(since, now, ' since')}`;
    const todo = { command: 'start', does: 'with a working token releases it' };
    return { kind: 'stopped', what, more: 'all work waits', todo, stall: 'held' };
  }
  const what = `The API refuses new access tokens${sinceText(since, now, ', since')}`;
  const more = 'all work waits; check the credentials, then start again';
  const todo = { command: 'doctor', does: 'says what is wrong' };
  return { kind: 'stopped', what, more, todo, stall: 'held' };
}

/** The process that lists is on no list: without any worker it may be gone. */
function listingHealth({ tests, workers }: HealthFacts): Health {
  const found = `${countOf(tests.total, 'test')} found so far`;
  if (workers.length > 0) return { kind: 'working', what: 'Listing', more: found, todo: null };
  const todo = { command: 'start', does: 'continues if the listing was interrupted' };
  return { kind: 'waiting', what: 'The listing is not complete', more: `${found}, no worker is connected`, todo };
}

function circuitHealth(circuit: NonNullable<PaceFacts['circuit']>, waiting: string, now: number): Health {
  const more = `${waiting}, ${circuitNext(circuit.next_probe_at, now)}; ${circuitWords[circuit.cause].advice}`;
  const kind = circuit.cause === 'outage' ? 'waiting' : 'stopped';
  return { kind, what: sentence(circuitTrouble(circuit, now)), more, todo: checksTheWay, stall: 'circuit' };
}

function workText(facts: HealthFacts, now: number): string {
  const { left } = facts;
  const { done, selected, errors, listed } = runProgress(facts);
  return [
    `${numberText(done)} of ${countOf(selected, 'test')} done`,
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
    ...(listed ? [] : ['still listing']),
    ...(left.ms > 0 ? [`about ${timeLeft(left.ms)} left`] : []),
    ...(left.ends_at === null ? [] : [`ends ${clockTime(left.ends_at, now)}`]),
  ].join(', ');
}

function doneHealth({ errors, tests }: HealthFacts): Health {
  if (tests.unconfirmed > 0) {
    const are = tests.unconfirmed === 1 ? 'is' : 'are';
    const more = `nothing confirms that ${countOf(tests.unconfirmed, 'test')} ${are} ClassicUT`;
    return { kind: 'waiting', what: 'Done, but every test was answered 404', more, todo: checksTheWay };
  }
  if (errors.total === 0) return { kind: 'done', what: 'Done', more: 'nothing is waiting', todo: null };
  const todo = { command: 'retry', does: 'tries them again' };
  return { kind: 'waiting', what: `Done, with ${countOf(errors.total, 'error')}`, more: 'nothing is waiting', todo };
}
