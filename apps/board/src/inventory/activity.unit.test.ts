import type { ExportRow } from '@inventory/exports';
import { describe, expect, it } from 'vitest';
import { undecidedRow } from '../../../../test/support/undecided-row.ts';
import { burnDown, requestsPerMinute } from './activity.ts';
import { TestIndex } from './test-index.ts';

const minute = 60_000;
const now = 1_000 * minute + 30_000;

describe('the requests of the last hour', () => {
  it('are counted by whole minutes, the oldest first, without the minute that goes on', () => {
    const starts = [now, now - 40_000, now - 41_000, now - 59 * minute, now - 61 * minute];
    const counts = requestsPerMinute(starts, now);
    expect(counts).toHaveLength(60);
    expect([counts[0], counts[1], counts.at(-1)]).toEqual([0, 1, 2]);
  });

  it('are unknown where more were sent than Redis keeps', () => {
    const starts = Array.from({ length: 1_000 }, (_, index) => now - index * 1_000);
    const counts = requestsPerMinute(starts, now);
    expect([counts.at(-1), counts[44], counts[43]]).toEqual([60, 60, null]);
  });
});

describe('the progress of a run', () => {
  const run = { id: '1', selection: 'all', startedAt: now - minute, listed: true, selected: 4, open: 1, outcomes: {} };
  const row = (test_uuid: string, classifiedAt: number | null, error: ExportRow['error'] = null) =>
    undecidedRow({
      test_uuid,
      classified_at: classifiedAt === null ? null : new Date(classifiedAt).toISOString(),
      error,
    });
  const index = new TestIndex();
  const put = [
    row('before', now - 2 * minute),
    row('early', now - minute + 1),
    row('late', now - 1),
    row('failed', null, 'network_error'),
    row('waits', now - 10),
  ];
  const errors = new Map([['failed', { type: 'network_error', error: 'gone', at: now - 30_500 } as const]]);
  index.replace({ put, remove: [], errors, open: new Set(['waits']), workspaces: new Map() });

  it('is what waits still, and what had no outcome yet at each time', () => {
    const { from, to, open } = burnDown(index, [run], now) ?? { open: [] };
    expect([from, to]).toEqual([new Date(now - minute).toISOString(), new Date(now).toISOString()]);
    expect([open[0], open[1], open[29], open[30], open[59], open[60]]).toEqual([4, 3, 3, 2, 2, 1]);
  });

  it('is null where nothing waits', () => {
    const over = new TestIndex();
    expect(burnDown(over, [run], now)).toBeNull();
    expect(burnDown(index, [], now)).toBeNull();
  });
});
