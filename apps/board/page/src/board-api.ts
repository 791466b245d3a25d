import { useEffect, useState } from 'preact/hooks';
import type { Summary } from './answers.ts';

/** Why the board gave no answer. */
export interface Problem {
  /** For people. */
  readonly message: string;
  /** HTTP status; null when there was no answer at all. */
  readonly status: number | null;
  /** UUIDs of known tests that begin with the same characters. */
  readonly near: readonly string[];
}

/** The latest answer of the board. A problem is newer than the answer beside it. */
export interface Answered<Answer> {
  /** The URL that gave `answer`. */
  readonly url: string | null;
  readonly answer: Answer | null;
  readonly problem: Problem | null;
}

export interface LatestSummary {
  readonly summary: Summary | null;
  /** The server's clock minus this browser's, ms: times are compared with the server's clock. */
  readonly clockOffset: number;
  /** Why there is no newer summary; null while all is well. */
  readonly problem: Problem | null;
}

type Reply<Answer> =
  | { readonly answer: Answer; readonly problem: null }
  | { readonly answer: null; readonly problem: Problem };

/** The board answers or refuses sooner than this; a request that takes longer has lost its connection. */
const requestTimeoutMs = 15_000;
const retryMs = 2_000;
const pollMs = 2_000;
/** The same while the page is in the background. */
const hiddenPollMs = 30_000;

/** Keeps the summary up to date. While the board does not answer, the last one stays. */
export function useSummary(): LatestSummary {
  const [latest, setLatest] = useState<LatestSummary>({ summary: null, clockOffset: 0, problem: null });
  useEffect(() => {
    return poll(async (signal) => {
      const { answer: summary, problem } = await askBoard<Summary>('api/summary', signal);
      if (signal.aborted) return;
      if (summary === null) setLatest((before) => ({ ...before, problem }));
      else setLatest({ summary, clockOffset: Date.parse(summary.at) - Date.now(), problem });
    });
  }, []);
  return latest;
}

/**
 * Asks the board when `url` or `version` changes, and again after a temporary problem. The old answer stays until the
 * new one arrives, so that nothing flickers.
 * @param url null asks nothing and keeps the answer
 */
export function useAnswer<Answer>(url: string | null, version: string): Answered<Answer> {
  const [answered, setAnswered] = useState<Answered<Answer>>({ url: null, answer: null, problem: null });
  useEffect(() => {
    if (url === null) return;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const { answer, problem } = await askBoard<Answer>(url, ending.signal);
      if (ending.signal.aborted) return;
      if (problem === null) setAnswered({ url, answer, problem });
      else setAnswered((before) => ({ ...before, problem }));
      if (problem !== null && isTemporary(problem)) timer = setTimeout(ask, retryMs);
    };
    void ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [url, version]);
  return answered;
}

/** Asks the API, never a cache. After an abort the reply means nothing. */
async function askBoard<Answer>(url: string, signal: AbortSignal): Promise<Reply<Answer>> {
  try {
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]), cache: 'no-store' });
    if (!response.ok) return { answer: null, problem: await problemOf(response) };
    return { answer: await response.json(), problem: null };
  } catch (error) {
    return { answer: null, problem: { message: String(error), status: null, near: [] } };
  }
}

/** Reads the problem details (RFC 9457) of an answer. */
async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  const details: { title?: string; detail?: string; near?: string[] } = await response.json().catch(() => ({}));
  const message = details.detail ?? details.title ?? `The board answered with status ${status}.`;
  return { message, status, near: details.near ?? [] };
}

function isTemporary({ status }: Problem): boolean {
  return status === null || status === 429 || status === 503;
}

/**
 * Asks at once, again some time after each answer, and at once when the page comes into view.
 * @returns a function that stops it
 */
function poll(ask: (signal: AbortSignal) => Promise<void>): () => void {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  const turn = async (): Promise<void> => {
    if (asking || ending.signal.aborted) return;
    asking = true;
    clearTimeout(timer);
    await ask(ending.signal);
    asking = false;
    if (!ending.signal.aborted) timer = setTimeout(turn, document.hidden ? hiddenPollMs : pollMs);
  };
  const onVisibility = (): void => {
    if (!document.hidden) void turn();
  };
  document.addEventListener('visibilitychange', onVisibility);
  void turn();
  return () => {
    ending.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
