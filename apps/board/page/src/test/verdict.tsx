import type { JSX } from 'preact';
import type { TestDetail } from '../answers/test-detail.ts';
import { typeName } from '../answers/type-name.ts';
import { typeSlug } from '../answers/type-slug.ts';
import { momentText } from '../words/moment.ts';

const sources = {
  probed: 'found by asking the Results API',
  declared: 'declared by the listing',
  imported: 'taken over from state files',
};

/** What the test is, and why. */
export function Verdict({ test }: { test: TestDetail }): JSX.Element {
  const { category, platform, source, because, rule, classified_at } = test;
  return (
    <section class={`panel verdict type-${typeSlug(category ?? 'undecided')}`} aria-label="Verdict">
      <p class="what">
        <strong>{typeName(category ?? 'undecided')}</strong>
        {platform !== null && platform !== category && <span class="chip">{platform}</span>}
      </p>
      <p class="why">{because === null ? undecidedBecause(test) : `${because}.`}</p>
      {test.certaintyBecause !== null && (
        <p class="weak">
          <strong>{test.certainty}</strong>
          {`: ${test.certaintyBecause}`}
          {test.provisionalUntil !== null &&
            `; asked once more by the first run after ${momentText(test.provisionalUntil)}`}
          .
        </p>
      )}
      {source !== null && (
        <p class="hint">
          {sources[source]}, {momentText(classified_at)}
          {rule !== null && (
            <>
              {' · rule '}
              <code>{rule}</code>
            </>
          )}
        </p>
      )}
    </section>
  );
}

function undecidedBecause({ queued, error, answers }: TestDetail): string {
  if (queued) return answers.length === 0 ? 'It waits for its first answer.' : 'It waits for its next answer.';
  return error === null ? 'No run has chosen it.' : 'It ended in an error.';
}
