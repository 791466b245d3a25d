/** The work took longer than its limit. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError' as const;

  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
  }
}

/**
 * Runs work that ends, one way or the other, within `limitMs` in total: connection, headers and body together. The
 * signal it gets fires at the deadline or when `outer` does.
 * @throws DeadlineError, the reason of `outer`, or what the work throws.
 */
export async function withDeadline<Result>(
  limitMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new DeadlineError(limitMs)), limitMs);
  const giveUp = () => controller.abort(outer?.reason);
  outer?.addEventListener('abort', giveUp, { once: true });
  try {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return await Promise.race([work(signal), aborted]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', giveUp);
  }
}
