import { useEffect, useState } from 'preact/hooks';
import type { Summary } from '../answers/summary.ts';
import { askBoard } from './ask-board.ts';
import { BoardError } from './board-error.ts';
import { poll } from './poll.ts';

/** The latest summary, and how it was come by. */
export interface Watched {
  readonly summary: Summary | null;
  /** Server clock minus this browser's, ms: times are read against the server's clock. */
  readonly clockOffset: number;
  /** Why there is no newer summary; null while all is well. */
  readonly lost: BoardError | null;
}

const everyMs = 2_000;
const hiddenEveryMs = 30_000;

/** Keeps the summary up to date; when the board is away the last one stays. */
export function useSummary(): Watched {
  const [watched, watch] = useState<Watched>({ summary: null, clockOffset: 0, lost: null });
  useEffect(() => {
    const ask = async (signal: AbortSignal): Promise<void> => {
      try {
        const summary = await askBoard<Summary>('/api/summary', signal);
        watch({ summary, clockOffset: Date.parse(summary.at) - Date.now(), lost: null });
      } catch (error) {
        if (signal.aborted) return;
        const lost = error instanceof BoardError ? error : new BoardError(String(error), { status: null });
        watch((before) => ({ ...before, lost }));
      }
    };
    return poll({ ask, everyMs, hiddenEveryMs });
  }, []);
  return watched;
}
