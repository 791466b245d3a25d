import { useEffect } from 'preact/hooks';
import type { Summary } from './answers/summary.ts';
import { runProgress } from './status/run-progress.ts';
import { shareOf } from './words/share-of.ts';

const name = 'Test inventory';

/** Names the window: by the test that it shows, or by how far the run is. */
export function useTitle(summary: Summary | null, test: string | null): void {
  const { done, selected } = summary === null ? { done: 0, selected: 0 } : runProgress(summary);
  const progress = selected === 0 ? '' : `${shareOf(done, selected)} · `;
  const title = test === null ? `${progress}${name}` : `${test.slice(0, 8)} · ${name}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
