import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { listingHref, testHref } from './addresses.ts';
import type { Summary, Workspace } from './answers.ts';
import { CopyableCommand } from './command.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { dateAndTime } from './words.ts';

/** What went wrong and what to do about it, equal errors together; nothing where there are no errors. */
export function Errors({ errors, workspaces }: Pick<Summary, 'errors' | 'workspaces'>): JSX.Element | null {
  const { total, waiting, groups } = errors;
  if (total === 0) return null;
  const note = (
    <>
      {waiting > 0 && `${waiting === total ? 'all' : numberText(waiting)} in the queue again`}
      {waiting > 0 && waiting < total && ' · '}
      {waiting < total && (
        <>
          Try them again: <CopyableCommand name="retry" />
        </>
      )}
    </>
  );
  const others = total - groups.reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel id="errors" class="errors" title={countOf(total, 'error')} note={note}>
      <ol class="rows folding">
        {groups.map(({ key, type, error, count, at }) => (
          <li key={key}>
            <b>{numberText(count)} ×</b>
            <span>
              <TypeOfErrors type={type} /> <span class="hint">{errorMeaning(type)}</span>
              <span class="message">{error}</span>
            </span>
            <span class="latest">
              {count > 1 && 'latest: '}
              <ErrorSubject subject={key} workspaces={workspaces} />
              <time dateTime={at}>{dateAndTime(at)}</time>
            </span>
          </li>
        ))}
      </ol>
      {others > 0 && (
        <p class="hint">
          {countOf(others, 'more error')} of other kinds:{' '}
          <Link href={listingHref({ error: 'any' })}>all tests with errors</Link>
        </p>
      )}
    </Panel>
  );
}

/** A type of errors, which leads to its tests. A workspace that could not be listed is no test. */
function TypeOfErrors({ type }: { type: string }): JSX.Element {
  if (type === 'workspace_detail_http_error') return <code>{type}</code>;
  return (
    <Link href={listingHref({ error: type })}>
      <code>{type}</code>
    </Link>
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
  ['auth_error', 'the API did not accept the access token'],
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
