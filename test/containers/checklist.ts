import { setTimeout as sleep } from 'node:timers/promises';

/** Notes what holds and what does not, and says so line by line. */
export class Checklist {
  readonly #startedAt = performance.now();
  #passed = 0;
  #failed = 0;

  /** Nothing was found wrong. */
  get clean(): boolean {
    return this.#failed === 0;
  }

  /** One rule as a sentence. @param found what was seen instead, shown where the rule does not hold */
  expect(rule: string, holds: boolean, found: unknown = ''): void {
    if (holds) this.#passed += 1;
    else this.#failed += 1;
    const detail = holds ? '' : `\n       ${typeof found === 'string' ? found : JSON.stringify(found)}`;
    this.#say(`${holds ? 'ok  ' : 'FAIL'} ${rule}${detail}`);
  }

  /** What happens now. */
  note(text: string): void {
    this.#say(`     ${text}`);
  }

  summary(): string {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    return `${this.#passed} passed, ${this.#failed} failed (${seconds} s)`;
  }

  #say(text: string): void {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    process.stdout.write(`${String(seconds).padStart(4)} s  ${text}\n`);
  }
}

/** Asks every second until something holds. @param withinSeconds five minutes unless said otherwise @throws Error */
export async function waitFor(what: string, holds: () => Promise<boolean>, withinSeconds = 300): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}`);
    await sleep(1000);
  }
}
