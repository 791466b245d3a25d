import type { OpenCircuit, PaceStatus } from '@inventory/queue';
import { circuitClosed, circuitOpened } from '../progress/circuit-text.ts';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { CircuitOpenError } from './errors.ts';

const hour = 3_600_000;

/** Watches the circuit for one run: says once that it has opened and once that it has closed, and when to give up. */
export class CircuitWatch {
  readonly #display: Pick<ProgressDisplay, 'say'>;
  #last: OpenCircuit | null = null;
  #now = 0;
  /** When it was first seen open, epoch ms of Redis' clock. */
  #seenAt = 0;
  /** How often the time of the next request has changed since: when a request starts, and when it has failed. */
  #moves = 0;

  constructor(display: Pick<ProgressDisplay, 'say'>) {
    this.#display = display;
  }

  look({ circuit, now }: Pick<PaceStatus, 'circuit' | 'now'>): void {
    const last = this.#last;
    this.#last = circuit;
    this.#now = now;
    if (circuit === null) {
      if (last !== null) this.#display.say(circuitClosed(last, now));
    } else if (last === null) {
      this.#seenAt = now;
      this.#moves = 0;
      this.#display.say(circuitOpened(circuit, now));
    } else if (circuit.nextProbeAt !== last.nextProbeAt) this.#moves += 1;
  }

  /**
   * Ends the wait for a circuit that has been open for an hour. One that had been open for long when this began is given
   * a request first: the API may be back, and nobody may have asked.
   * @throws CircuitOpenError
   */
  check(): void {
    const circuit = this.#last;
    if (circuit === null) return;
    const from = this.#moves >= 2 ? circuit.since : this.#seenAt;
    if (this.#now - from >= hour) throw new CircuitOpenError(circuit, this.#now);
  }
}
