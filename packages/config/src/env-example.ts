import { settingsTable } from './settings-table.ts';

const head = `# Settings of usertesting-inventory. Copy this file to .env and fill in the first two.
# The environment wins over this file. An empty value means the default, which is what stands here.
`;

/** The text of `.env.example`: every row of the table of settings, with its default and one line. */
export function envExample(): string {
  const rows = Object.values(settingsTable).map(({ name, fallback, about }) => `# ${about}\n${name}=${fallback}\n`);
  return [head, ...rows].join('\n');
}
