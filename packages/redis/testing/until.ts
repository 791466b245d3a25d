import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, asking every 20 ms for up to ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ten seconds: ${what}`);
    await sleep(20);
  }
}
