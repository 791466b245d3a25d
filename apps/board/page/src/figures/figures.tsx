import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import { types } from '../answers/type.ts';
import { allTests } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref } from '../route/view.ts';
import { countOf, number } from '../words/count.ts';
import { shareOf } from '../words/share-of.ts';
import { countsOf } from './counts-of.ts';
import { Figure } from './figure.tsx';
import { TypeBar } from './type-bar.tsx';
import { undecidedText } from './undecided-text.ts';

/** How many tests are of which type; each figure leads to its tests. */
export function Figures({ summary, go }: { summary: Summary; go: Route['go'] }): JSX.Element {
  const { tests, byPlatform, undecided } = summary;
  const counts = countsOf(summary);
  return (
    <section class="panel" aria-labelledby="figures-title">
      <header class="panel-head">
        <h2 id="figures-title">{countOf(tests.total, 'test')}</h2>
        <p>
          {number(byPlatform.UTZ)} UTZ, {number(byPlatform.ClassicUT)} ClassicUT · coverage{' '}
          <b>{shareOf(tests.decided, tests.total)}</b>
          {tests.unlisted > 0 && ` · ${number(tests.unlisted)} no longer listed`}
        </p>
      </header>
      <TypeBar counts={counts} whole={tests.total} />
      <ul class="figures">
        {types.map((type) => (
          <Figure
            key={type}
            type={type}
            count={counts[type] ?? 0}
            total={tests.total}
            note={type === 'undecided' ? undecidedText(undecided) : ''}
            href={listingHref({ ...allTests, type })}
            go={go}
          />
        ))}
      </ul>
    </section>
  );
}
