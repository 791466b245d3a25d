import type { OpenCircuit } from '@inventory/queue';
import { circuitWords } from '@inventory/status';
import { clockTime } from './clock-time.ts';
import { timeLeft } from './time-left.ts';

/** What is wrong, since when and why. @param now epoch ms of Redis' clock */
export function circuitTrouble({ cause, why, since }: OpenCircuit, now: number): string {
  return circuitWords[cause].trouble(clockTime(since, now), why.replace(/\.$/, ''));
}

/** What happens next: who asks, and when. @param now epoch ms of Redis' clock */
export function circuitNext({ nextProbeAt }: OpenCircuit, now: number): string {
  const when = nextProbeAt > now ? `one request at ${clockTime(nextProbeAt, now)}` : 'one request, which is due now';
  return `nobody asks but ${when}`;
}

/** What somebody can do about it. */
export function circuitAdvice({ cause }: OpenCircuit): string {
  return circuitWords[cause].advice;
}

/** When work goes on, for sentences that promise no time. */
export function onceClosed({ cause }: OpenCircuit): string {
  return `once ${circuitWords[cause].again}`;
}

/** The circuit in the note of a progress bar; its end is what a narrow terminal still shows. */
export function circuitNote({ cause, since, nextProbeAt }: OpenCircuit, now: number): string {
  const next = nextProbeAt > now ? `next request ${clockTime(nextProbeAt, now)}` : 'asking';
  return `${next}, ${circuitWords[cause].since} ${clockTime(since, now)}`;
}

/** The line that says that the circuit has opened. @param now epoch ms of Redis' clock */
export function circuitOpened(circuit: OpenCircuit, now: number): string {
  const trouble = `${sentence(circuitTrouble(circuit, now))}; ${circuitNext(circuit, now)}.`;
  return `[WARN] ${trouble} Everything is kept; ${circuitAdvice(circuit)}.`;
}

/** The line that says that it has closed. */
export function circuitClosed({ cause, since }: OpenCircuit, now: number): string {
  return `[INFO] ${sentence(circuitWords[cause].again)}, after ${timeLeft(now - since)}.`;
}

/** With a capital letter. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
