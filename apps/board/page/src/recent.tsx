import { timeLeft } from '@inventory/status/words';
import type { JSX } from 'preact';
import { testHref } from './addresses.ts';
import { type Summary, type TestsPage, typeClass, typeNames } from './answers.ts';
import { useAnswer } from './board-api.ts';
import { useServerTime } from './health.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { dateAndTime } from './words.ts';

const shown = 8;
const latestUrl = `api/tests?sort=classified_at&order=desc&limit=${shown}`;

interface RecentProps {
  readonly summary: Summary;
  readonly clockOffset: number;
  /** The tests are requested again when this changes. */
  readonly version: string;
}

/** The latest verdicts and errors; nothing before the first one. */
export function Recent({ summary, clockOffset, version }: RecentProps): JSX.Element | null {
  const { answer } = useAnswer<TestsPage>(latestUrl, version);
  const now = useServerTime(clockOffset);
  const outcomes = outcomesOf(answer?.tests ?? [], summary.errors.recent);
  if (outcomes.length === 0) return null;
  return (
    <Panel id="recent" title="Latest results">
      <ol class="rows recent">
        {outcomes.map(({ uuid, title, type, error, at }) => (
          <li key={uuid}>
            <i class={`swatch ${error === null ? typeClass(type) : 'failed'}`} />
            <span>
              <Link href={testHref(uuid)} class="title">
                <bdi>{title || uuid}</bdi>
              </Link>
              <small class={error === null ? '' : 'flag bad'}>{error ?? typeNames[type]}</small>
            </span>
            <time dateTime={at} title={dateAndTime(at)}>
              {agoText(at, now)}
            </time>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** Verdicts and errors of tests, the latest first. */
function outcomesOf(tests: TestsPage['tests'], errors: Summary['errors']['recent']) {
  const verdicts = tests.flatMap(({ test_uuid: uuid, title, category, classified_at: at }) =>
    at === null ? [] : [{ uuid, title, type: category ?? 'undecided', error: null, at } as const],
  );
  const failures = errors
    .filter(({ key }) => !key.startsWith('workspace:'))
    .map(({ key, title, type, at }) => ({ uuid: key, title, type: 'undecided', error: type, at }) as const);
  const failed = new Set(failures.map(({ uuid }) => uuid));
  return [...verdicts.filter(({ uuid }) => !failed.has(uuid)), ...failures]
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, shown);
}

/** How long ago something was: `just now`, `2 min ago`. @param now epoch ms */
function agoText(at: string, now: number): string {
  const ms = now - Date.parse(at);
  return ms < 5_000 ? 'just now' : `${timeLeft(ms)} ago`;
}
