import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every second until something holds. @param withinSeconds five minutes unless said otherwise @throws Error */
export async function waitFor(what: string, holds: () => Promise<boolean>, withinSeconds = 300): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}`);
    await sleep(1000);
  }
}
