import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type SettingRow, settingsTable } from './settings-table.ts';

const table: Readonly<Record<string, SettingRow>> = settingsTable;
const root = new URL('../../../', import.meta.url);

it('.env.example holds every setting with its default and one line', () => {
  const rows = Object.entries(table).map(([name, { about, fallback = '' }]) => `# ${about}\n${name}=${fallback}\n`);
  expect(readFileSync(new URL('.env.example', root), 'utf8')).toContain(rows.join('\n'));
});

it('docs/settings.md names every setting with its default', () => {
  const page = readFileSync(new URL('docs/settings.md', root), 'utf8');
  for (const [name, { fallback = '' }] of Object.entries(table)) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
    expect(row, name).toBeDefined();
    if (fallback !== '') expect(row).toContain(`\`${fallback}\``);
  }
});
