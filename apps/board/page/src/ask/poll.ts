export interface PollOptions {
  /** One question; a failure is its own affair. */
  readonly ask: (signal: AbortSignal) => Promise<void>;
  /** Time from an answer to the next question, ms. */
  readonly everyMs: number;
  /** The same while nobody sees the page. */
  readonly hiddenEveryMs: number;
}

/**
 * Asks at once, then again and again, one question at a time; at once too when the page comes into view.
 * @returns what ends it
 */
export function poll({ ask, everyMs, hiddenEveryMs }: PollOptions): () => void {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  async function turn(): Promise<void> {
    if (asking || ending.signal.aborted) return;
    asking = true;
    clearTimeout(timer);
    await ask(ending.signal);
    asking = false;
    if (!ending.signal.aborted) timer = setTimeout(turn, document.hidden ? hiddenEveryMs : everyMs);
  }
  const seen = (): void => {
    if (!document.hidden) void turn();
  };

  document.addEventListener('visibilitychange', seen);
  void turn();
  return () => {
    ending.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
