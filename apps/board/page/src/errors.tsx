import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { listingHref, testHref } from './addresses.ts';
import type { Summary, Workspace } from './answers.ts';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { dateAndTime } from './words.ts';

/** What went wrong and what to do about it; nothing where there are no errors. */
export function Errors({ errors, workspaces }: Pick<Summary, 'errors' | 'workspaces'>): JSX.Element | null {
  const { total, by_type, recent } = errors;
  if (total === 0) return null;
  const note = (
    <>
      Try them again: <code>npm run retry</code>
    </>
  );
  return (
    <Panel id="errors" class="errors" title={countOf(total, 'error')} note={note}>
      <ul class="error-types">
        {Object.entries(by_type)
          .toSorted(([, a], [, b]) => b - a)
          .map(([type, count]) => (
            <li key={type}>
              <b>{numberText(count)}</b> <code>{type}</code> <span>{errorMeaning(type)}</span>
            </li>
          ))}
      </ul>
      <h3>Latest</h3>
      <ol class="rows folding">
        {recent.map(({ key, error, at }) => (
          <li key={key}>
            <ErrorSubject subject={key} workspaces={workspaces} />
            <span class="message">{error}</span>
            <time>{dateAndTime(at)}</time>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** @param subject UUID of a test, or `workspace:UUID` */
function ErrorSubject({ subject, workspaces }: { subject: string; workspaces: readonly Workspace[] }): JSX.Element {
  const [, workspace] = subject.match(/^workspace:(.+)$/) ?? [];
  if (workspace === undefined) {
    return (
      <Link href={testHref(subject)}>
        <code>{subject}</code>
      </Link>
    );
  }
  return (
    <Link href={listingHref({ workspace })}>
      <bdi>{workspaces.find(({ uuid }) => uuid === workspace)?.name || workspace}</bdi>
    </Link>
  );
}

const meanings = new Map([
  ['auth_error', 'the API did not accept the access token: npm run doctor'],
  ['invalid_pagination_error', 'the API called the request invalid; something is odd about this test'],
  ['rate_limited_then_failed', 'the API refused for an hour; another program may be using up its limit'],
  ['unclassified_error', 'the API answered with an unexpected status'],
  ['network_error', 'no answer arrived, or the API had an internal error'],
  ['invalid_response', 'the answer was not what the API documents'],
  ['workspace_detail_http_error', 'the workspace could not be listed'],
]);

/** What an error of a type means, for a reader who sees it for the first time. */
export function errorMeaning(type: string): string {
  return meanings.get(type) ?? 'see the message';
}
