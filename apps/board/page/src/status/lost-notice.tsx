import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import type { BoardError } from '../ask/board-error.ts';
import { lostText } from './lost-text.ts';

interface LostNoticeProps {
  /** Why there is no newer summary. */
  readonly lost: BoardError | null;
  readonly summary: Summary | null;
}

/** Says that what is shown is no longer fresh, why, and from when it is. */
export function LostNotice({ lost, summary }: LostNoticeProps): JSX.Element {
  return (
    <div class="lost" role="alert">
      {lostText(lost, summary)}
    </div>
  );
}
