import { BoardError } from './board-error.ts';

/** What the page reads of RFC 9457 problem details. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly near?: readonly string[];
}

/**
 * Asks the board's API. Unchanged answers come from the browser's cache, after asking.
 * @throws BoardError with the problem's words; whatever the signal was aborted with
 */
export async function askBoard<Answer>(url: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { signal, cache: 'no-cache' }).catch((error: unknown) => {
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
