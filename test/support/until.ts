import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, asking every 20 ms for up to fifteen seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within fifteen seconds: ${what}`);
    await sleep(20);
  }
}
