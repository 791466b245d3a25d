import type { OpenCircuit, PaceStatus } from '@inventory/queue';
import { countOf } from '../answer/count-of.ts';
import { circuitAdvice, circuitNext, circuitTrouble } from '../progress/circuit-text.ts';
import { clockTime } from '../progress/clock-time.ts';
import { pauseCause } from '../progress/pause-cause.ts';
import { timeLeft } from '../progress/time-left.ts';

const minute = 60_000;

/** Who works, one line a process. */
export function workerLines({ processes, now }: PaceStatus): string[] {
  if (processes.length === 0) return ['no worker is connected: npm start or npm run worker'];
  return processes.map(
    ({ role, host, pid, slots, seenAt }) =>
      `${role} on ${host}, process ${pid}, ${countOf(slots, 'slot')}, seen ${timeLeft(now - seenAt)} ago`,
  );
}

/** The pace in force, and what keeps it up. */
export function paceLines({ now, intervalMs, starts, pause, held, circuit }: PaceStatus): string[] {
  const [last] = starts;
  const recent = starts.filter((at) => now - at < minute).length;
  const lately = last === undefined ? 'no request yet' : `last request ${timeLeft(Math.max(0, now - last))} ago`;
  return [
    intervalMs === null
      ? 'no limit has been set yet'
      : `${intervalMs === 0 ? 'no limit' : `one request per ${intervalMs / 1000} s`}; ${lately}, ${recent} in the last minute`,
    ...(pause === null
      ? []
      : [`[WARN] ${pauseCause(pause.cause)} until ${clockTime(pause.until, now)} (${timeLeft(pause.until - now)})`]),
    ...(circuit === null ? [] : circuitLines(circuit, now)),
    ...(held === null ? [] : [heldLine(held)]),
  ];
}

function circuitLines(circuit: OpenCircuit, now: number): string[] {
  const level = circuit.cause === 'outage' ? 'WARN' : 'FAIL';
  return [`[${level}] ${circuitTrouble(circuit, now)}`, `${circuitNext(circuit, now)}; ${circuitAdvice(circuit)}`];
}

function heldLine(held: string): string {
  return held === 'auth'
    ? '[FAIL] held: the API refuses new access tokens; check the credentials (npm run doctor), then npm start'
    : `[FAIL] held: ${held}`;
}
