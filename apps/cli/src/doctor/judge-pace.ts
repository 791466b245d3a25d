import type { PaceStatus } from '@inventory/queue';
import { circuitAdvice, circuitNext, circuitTrouble } from '../progress/circuit-text.ts';
import type { Finding } from './finding.ts';

const check = 'Pace';
const tutorialInterval = 6_000;
const realApi = /(^|\.)usertesting\.com$/;

/** Whether the configured interval fits the API and the processes that are attached. @param intervalMs ours */
export function judgePace(
  { processes, held, circuit, now }: PaceStatus,
  intervalMs: number,
  apiBaseUrl: string,
): Finding[] {
  const others = [...new Set(processes.map((other) => other.intervalMs).filter((other) => other !== intervalMs))];
  const findings: Finding[] = [];
  const warn = (message: string): void => void findings.push({ level: 'WARN', check, message });
  if (intervalMs < tutorialInterval && realApi.test(new URL(apiBaseUrl).hostname)) {
    warn(`REQUEST_INTERVAL_MS is ${intervalMs}, but the API allows 10 requests a minute: set 6050`);
  }
  if (others.length > 0) {
    const longest = Math.max(intervalMs, ...others);
    warn(
      `REQUEST_INTERVAL_MS is ${intervalMs} here and ${others.join(', ')} elsewhere: ${longest} holds; set one value`,
    );
  }
  if (held !== null) {
    findings.push({
      level: 'FAIL',
      check,
      message: `the queue is held (${held}): npm start with a working token lifts it`,
    });
  }
  if (circuit !== null) {
    const message = `${circuitTrouble(circuit, now)}; ${circuitNext(circuit, now)}; ${circuitAdvice(circuit)}`;
    findings.push({ level: circuit.cause === 'outage' ? 'WARN' : 'FAIL', check, message });
  }
  const fine = `one request per ${intervalMs / 1000} s, for all processes that are attached`;
  return findings.length > 0 ? findings : [{ level: 'PASS', check, message: fine }];
}
