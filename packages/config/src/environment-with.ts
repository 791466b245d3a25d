import { settingsTable } from './settings-table.ts';

/**
 * The environment of this process with other settings, for child processes: all settings of ours are taken
 * out, no settings file is read, and `settings` are put in.
 */
export function environmentWith(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  // biome-ignore lint/style/noProcessEnv: a child process needs the rest of the environment (PATH, HOME, …)
  const environment: Record<string, string | undefined> = { ...process.env };
  for (const { name } of Object.values(settingsTable)) delete environment[name];
  return { ...environment, ENV_FILE: 'none', ...settings };
}
