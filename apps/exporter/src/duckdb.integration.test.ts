import { join } from 'node:path';
import { expect, it } from 'vitest';
import { query } from '../../../test/support/duckdb.ts';
import { exporterHome, runExporter } from '../../../test/support/exporter-process.ts';

const titles = [
  'plain',
  '=1+1',
  'a, b and "c"',
  'two\nlines',
  'two\r\nlines',
  'Büro 🎉',
  'half \uD800 a character',
  'nul \u0000 byte',
  ' blanks ',
  "it's",
  '2025',
];
const orderedAt = '2025-03-01T10:00:00Z';

/** An account with a test for each title, the first of them undecided, and its exports. */
async function exported(format: string): Promise<string> {
  const { settings, checkpoints } = await exporterHome();
  const { listing, runs } = checkpoints;
  await checkpoints.import.ensureInUse(async () => undefined);
  const { id: run, joinedAt } = await runs.start('all');
  await listing.saveWorkspaces([{ uuid: 'w', name: 'Studio, "Nord"' }]);
  const survey = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
  const tests = titles.map((title, number) => ({
    uuid: `0000000${number.toString(16)}-0000-4000-8000-000000000000`,
    listing: { title, orderedAt },
    declared: number === 0 ? null : survey,
  }));
  await listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: false, tests });
  const file = join(settings.DATA_DIR, `tests.${format}`);
  expect((await runExporter(['--once', '--format', format, '--out', file], settings).ended).code).toBe(0);
  return file;
}

it.each(['csv', 'ndjson', 'parquet'])(
  'DuckDB reads the %s without options: every row, every character, times as times',
  async (format) => {
    const file = await exported(format);
    const rows = await query(
      `select title, test_type, category, platform, source, workspace_name, listed, epoch_ms(ordered_at) as ordered, ` +
        `classified_at > ordered_at as later from '${file}' order by test_uuid`,
    );
    const classified = { test_type: 'survey', category: 'survey', platform: 'UTZ', source: 'declared', later: true };
    expect(rows).toEqual(
      titles.map((title, number) => ({
        // CSV has no NUL: it would end the text.
        title: (format === 'csv' ? title.replace(/^=/, "'=").replace('\0', '') : title).replace('\uD800', '\uFFFD'),
        ...(number === 0 ? { test_type: null, category: null, platform: null, source: null, later: null } : classified),
        workspace_name: 'Studio, "Nord"',
        listed: true,
        ordered: String(Date.parse(orderedAt)),
      })),
    );
  },
);
