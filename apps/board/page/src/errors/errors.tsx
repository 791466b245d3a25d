import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import type { Route } from '../route/use-route.ts';
import { countOf, number } from '../words/count.ts';
import { errorAdvice } from './error-advice.ts';
import { ErrorLine } from './error-line.tsx';

/** What went wrong, and what to do about it; nothing when nothing did. */
export function Errors({ summary, go }: { summary: Summary; go: Route['go'] }): JSX.Element | null {
  const { total, byType, recent } = summary.errors;
  if (total === 0) return null;
  const byNumber = Object.entries(byType).toSorted(([, a], [, b]) => b - a);
  return (
    <section class="panel errors" aria-labelledby="errors-title">
      <header class="panel-head">
        <h2 id="errors-title">{countOf(total, 'error')}</h2>
        <p>
          Try them again: <code>npm run retry</code>
        </p>
      </header>
      <ul class="error-types">
        {byNumber.map(([type, count]) => (
          <li key={type}>
            <b>{number(count)}</b> <code>{type}</code> <span>{errorAdvice(type)}</span>
          </li>
        ))}
      </ul>
      <h3>Latest</h3>
      <ol class="latest">
        {recent.map((error) => (
          <ErrorLine key={error.key} error={error} workspaces={summary.workspaces} go={go} />
        ))}
      </ol>
    </section>
  );
}
