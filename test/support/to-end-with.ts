import { expect } from 'vitest';
import type { Ended } from './program.ts';

declare module 'vitest' {
  interface Matchers<T> {
    /** Compares how a process ended with these facts; a failure shows all that the process said. */
    toEndWith(expected: Partial<Record<keyof Ended, unknown>>): T;
  }
}

expect.extend({
  toEndWith(ended: Ended, expected: Partial<Record<keyof Ended, unknown>>) {
    return {
      pass: this.equals(ended, expect.objectContaining(expected)),
      message: () =>
        `expected the process to end with ${this.utils.stringify(expected)}, but it ended with ${ended.code} and said:\n` +
        `--- stdout\n${ended.stdout}\n--- stderr\n${ended.stderr}`,
    };
  },
});
