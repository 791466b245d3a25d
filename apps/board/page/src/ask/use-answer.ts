import { useEffect, useState } from 'preact/hooks';
import { askBoard } from './ask-board.ts';
import { BoardError } from './board-error.ts';

/** An answer of the board, and whether it is the one to the question asked last. */
export interface Answered<Answer> {
  /** The question that `answer` belongs to. */
  readonly url: string | null;
  readonly answer: Answer | null;
  readonly problem: BoardError | null;
}

const againMs = 2_000;

/**
 * Asks a question, and again when its URL or `version` changes, or after a failure that passes. Until the new answer is
 * there the old one stays, so that nothing flickers.
 * @param url null asks nothing and keeps what is there
 */
export function useAnswer<Answer>(url: string | null, version: string): Answered<Answer> {
  const [answered, put] = useState<Answered<Answer>>({ url: null, answer: null, problem: null });
  useEffect(() => {
    if (url === null) return;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const answer = await askBoard<Answer>(url, ending.signal);
        put({ url, answer, problem: null });
      } catch (error) {
        if (ending.signal.aborted) return;
        const problem = error instanceof BoardError ? error : new BoardError(String(error), { status: null });
        put((before) => ({ ...before, problem }));
        if (problem.passes) timer = setTimeout(ask, againMs);
      }
    };
    void ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [url, version]);
  return answered;
}
