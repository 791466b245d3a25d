import type { CircuitCause, OpenCircuit } from '@inventory/queue';
import { checkTheWay } from './certainty.ts';
import { clockTime, isoTime } from './words.ts';

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
  return circuitWords[cause].trouble(clockTime(since, now), why.replace(/\.$/, ''));
}

/** What happens next: when the next request is sent. @param now epoch ms of Redis' clock */
export function circuitNext(nextProbeAt: number | string, now: number): string {
  const isAhead = new Date(nextProbeAt).getTime() > now;
  return `no requests except ${isAhead ? `one at ${clockTime(nextProbeAt, now)}` : 'one, which is due now'}`;
}
