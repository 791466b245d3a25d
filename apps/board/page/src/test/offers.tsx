import type { JSX } from 'preact';
import type { TestDetail } from '../answers/test-detail.ts';

const names = [
  ['video', 'Videos of sessions'],
  ['qxScores', 'QX scores'],
  ['transcript', 'Transcripts'],
] as const;

/** Which data the Results API has of the test, as far as it was asked. */
export function Offers({ offers }: { offers: TestDetail['offers'] }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="offers-title">
      <header class="panel-head">
        <h2 id="offers-title">Results data it offers</h2>
      </header>
      <dl class="table-list">
        {names.map(([key, name]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{offers[key] === null ? <span class="hint">not asked</span> : offers[key] ? 'yes' : 'no'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
