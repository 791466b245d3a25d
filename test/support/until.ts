import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, asking every 20 ms. @param withinMs how long, fifteen seconds unless said otherwise */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs: number = 15_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} seconds: ${what}`);
    await sleep(20);
  }
}
