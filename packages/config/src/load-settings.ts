import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { type ProxyAddress, proxyFor, type ReadVariable } from './proxies/proxy-for.ts';
import { SettingsError } from './settings-error.ts';
import { type SettingRow, type Settings, settingsTable } from './settings-table.ts';

/** What a command cannot do without, beyond values that are well formed. */
export type Requirement = 'credentials' | 'board';

export interface LoadSettingsOptions {
  /** What the command cannot do without. */
  readonly needs?: readonly Requirement[];
  /** The environment; `process.env` unless a test says otherwise. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The settings, with what follows from them and from the environment. */
export interface LoadedSettings extends Settings {
  /** The path of the file that tokens are written back to (it may not exist). */
  readonly envFile: string | null;
  /** The proxy on the way to API_BASE_URL. */
  readonly apiProxy: ProxyAddress | null;
  /** The proxy on the way to TOKEN_URL. */
  readonly tokenProxy: ProxyAddress | null;
}

/**
 * Reads the settings of this process: the environment first, then the file `.env` (or what `ENV_FILE`
 * names; `none` for no file), then the defaults. An empty value counts as not given. Folders come back as
 * absolute paths. The variables that name proxies are read likewise, and checked where one is needed.
 * @throws SettingsError that lists every problem at once.
 */
export function loadSettings({ needs = [], env = process.env }: LoadSettingsOptions = {}): LoadedSettings {
  const envFile = env['ENV_FILE'] === 'none' ? null : resolve(env['ENV_FILE'] || '.env');
  const fromFile = envFile === null ? {} : readEnvFile(envFile);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const read: ReadVariable = (name) => env[name] || fromFile[name];
  for (const [key, setting] of Object.entries(settingsTable)) {
    const given = read(setting.name) || setting.fallback;
    const checked = setting.schema.safeParse(given);
    if (checked.success) values[key] = checked.data;
    else problems.push(wrongValue(setting, given));
  }
  // The loop above fills every key of the table or notes a problem, which ends here.
  const settings = values as Settings;
  if (needs.includes('credentials')) problems.push(...missingCredentials(settings, envFile));
  if (needs.includes('board')) problems.push(...openBoard(settings));
  const [apiProxy, tokenProxy] = [settings.apiBaseUrl, settings.tokenUrl].map((url) => {
    const proxy = url === undefined ? null : proxyFor(url, read);
    if (proxy === null || 'variable' in proxy) return proxy;
    if (!problems.includes(proxy.problem)) problems.push(proxy.problem);
    return null;
  });
  if (problems.length > 0) throw new SettingsError(problems);
  const folders = { stateDir: resolve(settings.stateDir), dataDir: resolve(settings.dataDir) };
  return { ...settings, ...folders, envFile, apiProxy: apiProxy ?? null, tokenProxy: tokenProxy ?? null };
}

function readEnvFile(path: string): Record<string, string> {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return {};
    throw new SettingsError([`${path} cannot be read (${String(code)}): make it readable, or remove it.`]);
  }
}

function wrongValue({ name, expected, secret }: SettingRow, given: string): string {
  return secret
    ? `${name} is not valid: expected ${expected}.`
    : `${name} is ${JSON.stringify(given)}: expected ${expected}.`;
}

function missingCredentials(settings: Settings, envFile: string | null): string[] {
  const rows = [
    [settings.clientId, settingsTable.clientId.name, 'YOUR_CLIENT_ID'],
    [settings.clientSecret, settingsTable.clientSecret.name, 'YOUR_CLIENT_SECRET'],
  ] as const;
  return rows.flatMap(([value, name, placeholder]) => {
    if (value === placeholder) return [`${name} is still the placeholder: put in the value from UserTesting.`];
    return value === '' ? [`${name} is missing: set it in ${placeOf(envFile)}.`] : [];
  });
}

function placeOf(envFile: string | null): string {
  if (envFile === null) return 'the environment';
  return existsSync(envFile)
    ? `${envFile} or the environment`
    : `${envFile} (a copy of .env.example) or the environment`;
}

function openBoard({ boardHost, boardPassword }: Settings): string[] {
  const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(boardHost);
  return loopback || boardPassword !== ''
    ? []
    : ['BOARD_PASSWORD is missing: a board that listens beyond this machine (BOARD_HOST) needs one.'];
}
