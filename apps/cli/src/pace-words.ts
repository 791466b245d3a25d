import type { OpenCircuit, PauseCause } from '@inventory/queue';
import { circuitWords } from '@inventory/status';
import { clockTime, timeLeft } from '@inventory/status/words';

/** Why everything pauses. */
export const pauseWords: Readonly<Record<PauseCause | 'unknown', string>> = {
  refused: 'limited by the API (429)',
  'rate used up': "another program is using up this account's rate",
  'no token': 'no access token available',
  unavailable: 'the API asks for a pause (503)',
  unknown: 'paused',
};

/** That the queue is held, and what to do. @param reason for example `auth` */
export function heldWarning(reason: string): string {
  return `[WARN] The queue is held (${reason}): npm start with a working token releases it.`;
}

/** What is wrong, since when and why. @param now epoch ms of Redis' clock */
export function circuitTrouble({ cause, why, since }: OpenCircuit, now: number): string {
  return circuitWords[cause].trouble(clockTime(since, now), why.replace(/\.$/, ''));
}

/** What happens next: when the next request is sent. @param now epoch ms of Redis' clock */
export function circuitNext({ nextProbeAt }: OpenCircuit, now: number): string {
  const when = nextProbeAt > now ? `one at ${clockTime(nextProbeAt, now)}` : 'one, which is due now';
  return `no requests except ${when}`;
}

/** What a person can do about it. */
export function circuitAdvice({ cause }: OpenCircuit): string {
  return circuitWords[cause].advice;
}

/** When work continues, without a time. */
export function onceClosed({ cause }: OpenCircuit): string {
  return `once ${circuitWords[cause].again}`;
}

/** The circuit in the note of a progress bar; its end is what a narrow terminal still shows. */
export function circuitNote({ cause, since, nextProbeAt }: OpenCircuit, now: number): string {
  const next = nextProbeAt > now ? `next request ${clockTime(nextProbeAt, now)}` : 'request under way';
  return `${next}, ${circuitWords[cause].since} ${clockTime(since, now)}`;
}

/** The line that says that the circuit has opened. @param now epoch ms of Redis' clock */
export function circuitOpened(circuit: OpenCircuit, now: number): string {
  const trouble = `${sentence(circuitTrouble(circuit, now))}; ${circuitNext(circuit, now)}.`;
  return `[WARN] ${trouble} All work is kept; ${circuitAdvice(circuit)}.`;
}

/** The line that says that it has closed. */
export function circuitClosed({ cause, since }: OpenCircuit, now: number): string {
  return `[INFO] ${sentence(circuitWords[cause].again)}, after ${timeLeft(now - since)}.`;
}

/** With a capital letter. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
