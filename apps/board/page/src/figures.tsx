import { coverageOf } from '@inventory/classification';
import { countOf, numberText, shareOf } from '@inventory/status/words';
import type { JSX } from 'preact';
import { listingHref } from './addresses.ts';
import { type Summary, typeClass, typeNames, types } from './answers.ts';
import { TypeBar } from './counts.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';

const certainties = ['provisional', 'unconfirmed'] as const;

/** How many tests are of which type. Each figure leads to its tests. */
export function Figures({ summary }: { summary: Summary }): JSX.Element {
  const { tests, by_platform, by_category, undecided } = summary;
  const counts = { ...by_category, undecided: tests.undecided };
  const { typed, utz } = coverageOf(by_category);
  const note = (
    <>
      {tests.undecided > 0 && `${numberText(tests.classified)} classified so far: `}
      {numberText(by_platform.UTZ)} UTZ, {numberText(by_platform.ClassicUT)} ClassicUT
      {utz > 0 && (
        <>
          , coverage <b title="UTZ tests with a test type, of the UTZ tests known so far">{shareOf(typed, utz)}</b>
        </>
      )}
      {tests.undecided > 0 && ` · ${numberText(tests.undecided)} undecided`}
      {tests.unlisted > 0 && ` · ${numberText(tests.unlisted)} no longer listed`}
      {tests.errors > 0 && (
        <>
          {' '}
          · <Link href={listingHref({ error: 'any' })}>{countOf(tests.errors, 'error')}</Link>
        </>
      )}
      {certainties.map(
        (certainty) =>
          tests[certainty] > 0 && (
            <>
              {' · '}
              <Link href={listingHref({ certainty })}>
                {numberText(tests[certainty])} {certainty}
              </Link>
            </>
          ),
      )}
    </>
  );
  return (
    <Panel id="figures" title={countOf(tests.total, 'test')} note={note}>
      <TypeBar counts={counts} whole={tests.total} />
      <ul class="figures">
        {types.map((type) => {
          const why = type === 'undecided' ? whyUndecided(undecided) : '';
          return (
            <li key={type} class={counts[type] === 0 ? 'figure none' : 'figure'}>
              <Link href={listingHref({ category: type })}>
                <small class="figure-name">
                  <i class={`swatch ${typeClass(type)}`} />
                  {typeNames[type]}
                </small>
                <b>{numberText(counts[type])}</b> <small>{shareOf(counts[type], tests.total)}</small>
                {why !== '' && <small class="figure-note">{why}</small>}
              </Link>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** Why tests have no verdict: `312 wait for answers, 3 ended in errors, 20 not chosen by a run`. */
function whyUndecided({ open, errors, not_selected }: Summary['undecided']): string {
  const reasons: readonly (readonly [number, string])[] = [
    [open, open === 1 ? 'waits for answers' : 'wait for answers'],
    [errors, 'ended in errors'],
    [not_selected, 'not chosen by a run'],
  ];
  const given = reasons.filter(([count]) => count > 0);
  return given.map(([count, why]) => `${numberText(count)} ${why}`).join(', ');
}
