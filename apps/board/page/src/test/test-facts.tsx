import type { JSX } from 'preact';
import type { TestDetail } from '../answers/test-detail.ts';
import { Link } from '../route/link.tsx';
import { allTests } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref } from '../route/view.ts';
import { momentText } from '../words/moment.ts';
import { Answers } from './answers.tsx';
import { CopyButton } from './copy-button.tsx';
import { Failure } from './failure.tsx';
import { Offers } from './offers.tsx';
import { Verdict } from './verdict.tsx';

/** Verdict, evidence, and what the listing said. */
export function TestFacts({ test, go }: { test: TestDetail; go: Route['go'] }): JSX.Element {
  const { test_uuid, workspace_uuid, workspace_name, ordered_at, declared, listed } = test;
  return (
    <>
      <p class="identity">
        <code class="uuid">{test_uuid}</code>
        <CopyButton text={test_uuid} name="UUID" />
      </p>
      <Verdict test={test} />
      {test.error !== null && <Failure error={test.error} uuid={test_uuid} />}
      <div class="pair">
        <Answers answers={test.answers} source={test.source} />
        <div class="stack">
          <Offers offers={test.offers} />
          <section class="panel" aria-labelledby="listing-title">
            <header class="panel-head">
              <h2 id="listing-title">What the listing says</h2>
              {!listed && <p>no longer listed</p>}
            </header>
            <dl class="table-list">
              <dt>Workspace</dt>
              <dd>
                <Link href={listingHref({ ...allTests, workspace: workspace_uuid })} go={go} show="tests">
                  <bdi>{workspace_name || workspace_uuid}</bdi>
                </Link>
              </dd>
              <dt>Ordered</dt>
              <dd>{momentText(ordered_at)}</dd>
              <dt>type</dt>
              <dd>{declared.type === null ? '–' : <code>{declared.type}</code>}</dd>
              <dt>productType</dt>
              <dd>{declared.productType === null ? '–' : <code>{declared.productType}</code>}</dd>
            </dl>
          </section>
        </div>
      </div>
    </>
  );
}
