import type { OpenCircuit, PaceStatus } from '@inventory/queue';
import { circuitClosed, circuitOpened } from '../progress/circuit-text.ts';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { CircuitOpenError } from './errors.ts';

const hour = 3_600_000;

/** A circuit as it was first seen here. */
interface Sighting {
  readonly at: number;
  readonly nextProbeAt: number;
}

/** Watches the circuit for one run: says once that it has opened and once that it has closed, and knows when to give up. */
export class CircuitWatch {
  readonly #display: Pick<ProgressDisplay, 'say'>;
  #first: Sighting | null = null;
  #last: OpenCircuit | null = null;
  #now = 0;

  constructor(display: Pick<ProgressDisplay, 'say'>) {
    this.#display = display;
  }

  look({ circuit, now }: Pick<PaceStatus, 'circuit' | 'now'>): void {
    if (circuit !== null && this.#last === null) {
      this.#first = { at: now, nextProbeAt: circuit.nextProbeAt };
      this.#display.say(circuitOpened(circuit, now));
    }
    if (circuit === null && this.#last !== null) this.#display.say(circuitClosed(this.#last, now));
    this.#last = circuit;
    this.#now = now;
  }

  /**
   * Ends the wait for a circuit that has been open for an hour. One that was open before is first given another request: the API may be
   * back, and nobody may have asked since.
   * @throws CircuitOpenError
   */
  check(): void {
    const [first, last] = [this.#first, this.#last];
    if (first === null || last === null) return;
    const asked = last.nextProbeAt > first.nextProbeAt;
    if (this.#now - (asked ? last.since : first.at) >= hour) throw new CircuitOpenError(last, this.#now);
  }
}
