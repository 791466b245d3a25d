import type { ExportRow } from '@inventory/exports';
import { expect, test } from 'vitest';
import { undecidedRow } from '../../../../test/support/undecided-row.ts';
import { streamTests } from './tests.ts';

const row = undecidedRow({ title: 'x'.repeat(1000) });

/** Endless rows, with what became of them. */
function endless() {
  const seen = { made: 0, ended: false };
  async function* portions(): AsyncGenerator<readonly ExportRow[]> {
    try {
      for (;;) {
        seen.made += 1;
        yield Array.from({ length: 50 }, () => row);
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, portions: portions() };
}

test.each(['csv', 'ndjson'] as const)('%s is made no faster than it is read', async (format) => {
  const { seen, portions } = endless();
  const reader = streamTests(portions, format).body?.getReader();
  for (let read = 0; read < 5; read += 1) {
    await reader?.read();
    await new Promise((turn) => setImmediate(turn));
    expect(seen.made).toBeLessThanOrEqual(read + 6);
  }
  await reader?.cancel();
});

test('a reader that goes away ends the work', async () => {
  const { seen, portions } = endless();
  const reader = streamTests(portions, 'ndjson').body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await expect.poll(() => seen.ended).toBe(true);
});
