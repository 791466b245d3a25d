import type { CircuitCause, OpenCircuit } from '@inventory/queue';
import { checkTheWay } from './certainty.ts';

/** A circuit that is open, for machines; times are ISO 8601 in UTC. */
export interface CircuitJson {
  readonly cause: CircuitCause;
  readonly why: string;
  readonly since: string;
  readonly nextProbeAt: string;
}

export function circuitJson(circuit: OpenCircuit | null): CircuitJson | null {
  if (circuit === null) return null;
  const { cause, why, since, nextProbeAt } = circuit;
  const iso = (at: number): string => new Date(at).toISOString();
  return { cause, why, since: iso(since), nextProbeAt: iso(nextProbeAt) };
}

/** The parts of what people read while the circuit is open. */
interface CircuitWords {
  /** Goes before a time. */
  readonly since: string;
  readonly again: string;
  /** What somebody can do about it. */
  readonly advice: string;
}

export const circuitWords: Readonly<Record<CircuitCause, CircuitWords>> = {
  outage: {
    since: 'the Results API has not answered since',
    again: 'the Results API answers again',
    advice: 'see whether network, proxy and API are up; work goes on by itself',
  },
  controls: {
    since: 'the Results API has not known its own tests since',
    again: 'the Results API knows its tests again',
    advice: checkTheWay,
  },
};
