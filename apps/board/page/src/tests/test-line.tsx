import type { JSX } from 'preact';
import type { TestRow } from '../answers/test-row.ts';
import { Link } from '../route/link.tsx';
import type { Route } from '../route/use-route.ts';
import { testHref } from '../route/view.ts';
import { dateText, momentText } from '../words/moment.ts';
import { TypeChip } from './type-chip.tsx';

/** One test as a row; all of it leads to the test's page. */
export function TestLine({ test, go }: { test: TestRow; go: Route['go'] }): JSX.Element {
  const {
    test_uuid,
    title,
    category,
    workspace_name,
    workspace_uuid,
    ordered_at,
    classified_at,
    error,
    listed,
    certainty,
  } = test;
  return (
    <tr>
      <th scope="row">
        <Link href={testHref(test_uuid)} go={go} id={`row-${test_uuid}`} class="title">
          <bdi>{title || 'Without a title'}</bdi>
        </Link>
        <code class="uuid">{test_uuid}</code>
      </th>
      <td>
        <TypeChip type={category} />
        {certainty !== null && certainty !== 'final' && <span class="flag weak">{certainty}</span>}
        {error !== null && <span class="flag bad">{error}</span>}
        {!listed && <span class="flag">no longer listed</span>}
      </td>
      <td>
        <bdi>{workspace_name || workspace_uuid}</bdi>
      </td>
      <td class="time" title={momentText(ordered_at)} data-name="Ordered">
        {dateText(ordered_at)}
      </td>
      <td class="time" title={momentText(classified_at)} data-name="Decided">
        {dateText(classified_at)}
      </td>
    </tr>
  );
}
