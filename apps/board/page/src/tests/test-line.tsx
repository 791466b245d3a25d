import type { JSX } from 'preact';
import type { TestRow } from '../answers/test-row.ts';
import { Link } from '../route/link.tsx';
import type { Route } from '../route/use-route.ts';
import { testHref } from '../route/view.ts';
import { dateText, momentText } from '../words/moment.ts';
import { TypeChip } from './type-chip.tsx';

/** One test as a row; all of it leads to the test's page. */
export function TestLine({ test, go }: { test: TestRow; go: Route['go'] }): JSX.Element {
  const { testUuid, title, type, workspaceName, workspaceUuid, orderedAt, decidedAt, error, listed, certainty } = test;
  return (
    <tr>
      <th scope="row">
        <Link href={testHref(testUuid)} go={go} id={`row-${testUuid}`} class="title">
          <bdi>{title || 'Without a title'}</bdi>
        </Link>
        <code class="uuid">{testUuid}</code>
      </th>
      <td>
        <TypeChip type={type} />
        {certainty !== null && certainty !== 'final' && <span class="flag weak">{certainty}</span>}
        {error !== null && <span class="flag bad">{error}</span>}
        {!listed && <span class="flag">no longer listed</span>}
      </td>
      <td>
        <bdi>{workspaceName || workspaceUuid}</bdi>
      </td>
      <td class="time" title={momentText(orderedAt)} data-name="Ordered">
        {dateText(orderedAt)}
      </td>
      <td class="time" title={momentText(decidedAt)} data-name="Decided">
        {dateText(decidedAt)}
      </td>
    </tr>
  );
}
