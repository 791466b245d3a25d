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

/**
 * Asks a question, and again when its URL or `version` changes. Until the new answer is there the old one stays,
 * so that nothing flickers.
 * @param url null asks nothing and keeps what is there
 */
export function useAnswer<Answer>(url: string | null, version: string): Answered<Answer> {
  const [answered, put] = useState<Answered<Answer>>({ url: null, answer: null, problem: null });
  useEffect(() => {
    if (url === null) return;
    const ending = new AbortController();
    askBoard<Answer>(url, ending.signal).then(
      (answer) => put({ url, answer, problem: null }),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        const problem = error instanceof BoardError ? error : new BoardError(String(error), { status: null });
        put((before) => ({ ...before, problem }));
      },
    );
    return () => ending.abort();
  }, [url, version]);
  return answered;
}
