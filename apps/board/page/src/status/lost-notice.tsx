import type { JSX } from 'preact';
import type { BoardError } from '../ask/board-error.ts';

/** Says that what is shown is no longer fresh, and why. */
export function LostNotice({ lost }: { lost: BoardError | null }): JSX.Element {
  return (
    <div class="lost" role="alert">
      {lost !== null && (lost.status === null ? 'Connection lost, trying again.' : `${lost.message} Trying again.`)}
    </div>
  );
}
