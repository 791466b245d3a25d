import type { JSX } from 'preact';
import type { TestsPage } from '../answers/test-row.ts';
import type { Listing } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { columns } from './columns.ts';
import { SortHeading } from './sort-heading.tsx';
import { TestLine } from './test-line.tsx';

interface TestsTableProps {
  readonly page: TestsPage;
  readonly listing: Listing;
  /** True while the rows still belong to another listing. */
  readonly busy: boolean;
  change(listing: Partial<Listing>): void;
  readonly go: Route['go'];
}

/** A page of tests. */
export function TestsTable({ page, listing, busy, change, go }: TestsTableProps): JSX.Element {
  return (
    <table class="listing" aria-busy={busy} aria-labelledby="tests-title">
      <thead>
        <tr>
          {columns.map(({ sort, name }) => (
            <SortHeading key={sort} sort={sort} name={name} listing={listing} change={change} />
          ))}
        </tr>
      </thead>
      <tbody>
        {page.tests.map((test) => (
          <TestLine key={test.test_uuid} test={test} go={go} />
        ))}
      </tbody>
    </table>
  );
}
