import { describe, expect, it } from 'vitest';
import { DeadlineError, withDeadline } from './deadline.ts';

const never = () => new Promise<never>(() => undefined);

describe('work with a deadline', () => {
  it('gives its result when it ends in time', async () => {
    expect(await withDeadline(5_000, undefined, async () => 'done')).toBe('done');
  });

  it('throws what the work throws', async () => {
    await expect(withDeadline(5_000, undefined, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('ends at the deadline although the work ignores its signal', async () => {
    await expect(withDeadline(10, undefined, never)).rejects.toBeInstanceOf(DeadlineError);
  });

  it('aborts the signal of the work at the deadline', async () => {
    let told: unknown;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        told = signal.reason;
      });
      return never();
    };
    await expect(withDeadline(10, undefined, work)).rejects.toThrow('no answer within 0.01 s');
    expect(told).toBeInstanceOf(DeadlineError);
  });

  it('ends with the reason of the outer signal when it fires, before or during the work', async () => {
    const reason = new Error('stop');
    const caller = new AbortController();
    const ended = withDeadline(5_000, caller.signal, never);
    caller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    await expect(withDeadline(5_000, caller.signal, async () => 'done')).rejects.toBe(reason);
  });
});
