import { BoardError } from './board-error.ts';

/** What the page reads of RFC 9457 problem details. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly near?: readonly string[];
}

/** The board answers, or says why not, in less; whatever takes longer has lost its connection. */
const patienceMs = 15_000;

/**
 * Asks the board's API, never a cache: an answer says when it was made.
 * @throws BoardError with the problem's words; whatever the signal was aborted with
 */
export async function askBoard<Answer>(url: string, signal: AbortSignal): Promise<Answer> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const response = await fetch(url, { signal: patience, cache: 'no-store' }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new BoardError(error instanceof Error ? error.message : 'no answer', { status: null });
  });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

async function refusal(response: Response): Promise<BoardError> {
  const { status } = response;
  const problem: Problem | null = await response.json().catch(() => null);
  const message = problem?.detail ?? problem?.title ?? `The board answered with status ${status}.`;
  return new BoardError(message, { status, near: problem?.near ?? [] });
}
