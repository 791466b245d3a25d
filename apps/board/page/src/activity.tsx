import { clockTime, countOf, numberText, timeLeft } from '@inventory/status/words';
import type { JSX } from 'preact';
import { testHref } from './addresses.ts';
import { type Summary, type TestsPage, typeClass, typeNames } from './answers.ts';
import { useAnswer } from './board-api.ts';
import { LineChart } from './chart.tsx';
import { AsTable } from './counts.tsx';
import { useServerTime } from './health.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { dateAndTime, nearTime } from './words.ts';

const minuteMs = 60_000;

/** Requests in the last hour beside the allowed rate; nothing while there were none. */
export function Throughput({ summary }: { summary: Summary }): JSX.Element | null {
  const { requests_per_minute: counts, pace, at } = summary;
  if (counts.every((count) => count === null || count === 0) && pace.requests_last_minute === 0) return null;
  // So many starts fit into a minute when the first is at its beginning.
  const allowed = pace.interval_ms ? Math.floor(minuteMs / pace.interval_ms) + 1 : null;
  const limit = allowed === null ? '' : `, at most ${numberText(allowed)} allowed`;
  const now = `${countOf(pace.requests_last_minute, 'request')} in the last minute${limit}`;
  // The last point is the minute that ends now, as the words above the chart have it.
  const points = [...counts, pace.requests_last_minute].map((count, index) => [index / counts.length, count] as const);
  return (
    <Panel id="throughput" title="Requests per minute" note={now}>
      <LineChart
        label={`Requests per minute in the last hour: ${now}. The table below has the figures.`}
        line={points}
        limit={allowed}
        below={['an hour ago', '30 min ago', 'now']}
      />
      <AsTable
        caption="Requests per minute"
        head={['Minute', 'Requests']}
        rows={() => minutesBefore(at, counts.length).map((minute, index) => [minute, numberOrDash(counts[index])])}
      />
    </Panel>
  );
}

/** The beginnings of the whole minutes before a time, the oldest first. */
function minutesBefore(at: string, count: number): string[] {
  const end = Math.floor(Date.parse(at) / minuteMs);
  return Array.from({ length: count }, (_, index) => clockTime((end - count + index) * minuteMs, Date.parse(at)));
}

function numberOrDash(count: number | null | undefined): string {
  return count === null || count === undefined ? '–' : numberText(count);
}

/** How many tests waited since the run began, and when none will; nothing without a run. */
export function BurnDown({ summary }: { summary: Summary }): JSX.Element | null {
  const { burn_down: progress, left } = summary;
  if (progress === null) return null;
  const { open } = progress;
  const [from, to] = [Date.parse(progress.from), Date.parse(progress.to)];
  const ends = left.ends_at === null ? null : Math.max(Date.parse(left.ends_at), to);
  const whole = (ends ?? to) - from;
  const waiting = open.at(-1) ?? 0;
  const timeAt = (index: number): number => from + ((to - from) * index) / (open.length - 1);
  const points = open.map((count, index) => [(timeAt(index) - from) / whole, count] as const);
  const end = ends === null ? 'no end in sight while nothing is asked' : `ends ${nearTime(left.ends_at ?? '', to)}`;
  return (
    <Panel id="burn-down" title="Tests that wait" note={`${countOf(waiting, 'test')}, ${end}`}>
      <LineChart
        label={`Tests that waited since the run began: from ${numberText(open[0] ?? 0)} to ${numberText(waiting)}; ${end}. The table below has the figures.`}
        line={points}
        endsAtZero={ends !== null}
        below={[
          nearTime(progress.from, to),
          ...(ends === null ? ['now'] : [`${timeLeft(ends - to)} left`, nearTime(left.ends_at ?? '', to)]),
        ]}
      />
      <AsTable
        caption="Tests that waited"
        head={['Time', 'Waiting']}
        rows={() => open.map((count, index) => [clockTime(timeAt(index), to), numberText(count)])}
      />
    </Panel>
  );
}

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
