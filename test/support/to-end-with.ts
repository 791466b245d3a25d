import { expect } from 'vitest';
import { complaints, type Ended } from './program.ts';

declare module 'vitest' {
  interface Matchers<T> {
    /** Compares how a process ended with these facts; a failure shows all that the process said. */
    toEndWith(expected: Partial<Record<keyof Ended, unknown>>): T;
  }
}

expect.extend({
  toEndWith(ended: Ended, expected: Partial<Record<keyof Ended, unknown>>) {
    const heard = expected.stderr === '' ? { ...ended, stderr: complaints(ended.stderr) } : ended;
    return {
      pass: this.equals(heard, expect.objectContaining(expected)),
      message: () =>
        `expected the process to end with ${this.utils.stringify(expected)}, but it ended with ${ended.code} and said:\n` +
        `--- stdout\n${ended.stdout}\n--- stderr\n${ended.stderr}`,
    };
  },
});
