import { commandLine } from '@inventory/logger';
import type { OpenCircuit } from '@inventory/queue';
import { circuitNext, circuitTrouble, circuitWords, sentence } from '@inventory/status';
import { clockTime, timeLeft } from '@inventory/status/words';

/** That the queue is held, and what to do. @param reason for example `auth` */
export function heldWarning(reason: string): string {
  return `[WARN] The queue is held (${reason}): ${commandLine('start')} with a working token releases it.`;
}

/** What a person can do about it. */
export function circuitAdvice({ cause }: OpenCircuit): string {
  return circuitWords[cause].advice;
}

/** When work continues, without a time. */
export function onceClosed({ cause }: OpenCircuit): string {
  return `once ${circuitWords[cause].again}`;
}

/** The circuit in a progress bar, the most important first. */
export function circuitParts({ cause, since, nextProbeAt }: OpenCircuit, now: number): string[] {
  const next = nextProbeAt > now ? `next request ${clockTime(nextProbeAt, now)}` : 'request under way';
  return [`${circuitWords[cause].since} ${clockTime(since, now)}`, next];
}

/** The line that says that the circuit has opened. @param now epoch ms of Redis' clock */
export function circuitOpened(circuit: OpenCircuit, now: number): string {
  const trouble = `${sentence(circuitTrouble(circuit, now))}; ${circuitNext(circuit.nextProbeAt, now)}.`;
  return `[WARN] ${trouble} All work is kept; ${circuitAdvice(circuit)}.`;
}

export function circuitClosed({ cause, since }: OpenCircuit, now: number): string {
  return `[INFO] ${sentence(circuitWords[cause].again)}, after ${timeLeft(now - since)}.`;
}
