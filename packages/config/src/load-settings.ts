import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '@inventory/files';
import { parse } from 'dotenv';
import { isUtf16, utf16Advice } from './env-file.ts';
import { isExposed, type ProxyAddress, proxyFor } from './proxy.ts';
import { fieldOf, type SettingRow, type Settings, settingsTable } from './settings-table.ts';

/** Settings are invalid or missing; found before any request. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly exitCode = 2;
  /** One sentence per problem: the variable, what was expected, what to do. No secret's value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? `A setting is wrong: ${problems[0]}`
        : `${problems.length} settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** What a command needs besides valid values. */
export type Requirement = 'credentials' | 'board';

interface LoadSettingsOptions {
  readonly needs?: readonly Requirement[];
  /** The environment; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings by their names that count before all others. */
  readonly over?: Readonly<Record<string, string>>;
}

/** The settings, and what follows from them and from the environment. */
export interface LoadedSettings extends Settings {
  /** The settings file, which new tokens are written to; it may not exist. Null for none. */
  readonly envFile: string | null;
  /** The proxy for API_BASE_URL; null for none. */
  readonly apiProxy: ProxyAddress | null;
  /** The proxy for TOKEN_URL; null for none. */
  readonly tokenProxy: ProxyAddress | null;
  /** The proxy for NOTIFY_URL; null for none. */
  readonly notifyProxy: ProxyAddress | null;
}

/**
 * Reads the settings of this process: the environment first, then the file `.env` (or what `ENV_FILE`
 * names; `none` for no file), then the defaults. An empty value counts as not given. Folders become absolute
 * paths. The variables that name proxies are read in the same way, and checked where one is needed.
 * @throws SettingsError with all problems
 */
export function loadSettings({ needs = [], env = process.env, over = {} }: LoadSettingsOptions = {}): LoadedSettings {
  const { ENV_FILE: named = '' } = { ...env, ...over };
  const envFile = named === 'none' ? null : resolve(named || '.env');
  const fromFile = envFile === null ? {} : readEnvFile(envFile, { mustExist: named !== '' });
  const read = (name: string): string | undefined => over[name] || env[name] || fromFile[name];
  const problems = new Set<string>();
  for (const name of Object.keys(over))
    if (name !== 'ENV_FILE' && !Object.hasOwn(settingsTable, name))
      problems.add(`${name} is no setting of this program.`);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<SettingRow>(settingsTable)) {
    const given = read(name) || setting.fallback || '';
    const checked = setting.schema.safeParse(given);
    if (checked.success) values[fieldOf(name)] = checked.data;
    else problems.add(invalidValue(name, setting, given));
  }
  // The loop above fills every key of the table or notes a problem, which ends here.
  const settings = values as Settings;
  if (needs.includes('credentials')) for (const problem of missingCredentials(settings, envFile)) problems.add(problem);
  if (needs.includes('board')) for (const problem of weakPassword(settings)) problems.add(problem);
  for (const problem of exposedAddresses(settings)) problems.add(problem);
  const proxyOn = (url: string | undefined): ProxyAddress | null => {
    const proxy = url === undefined ? null : proxyFor(url, read);
    if (proxy === null || 'variable' in proxy) return proxy;
    problems.add(proxy.problem);
    return null;
  };
  const [apiProxy, tokenProxy] = [proxyOn(settings.apiBaseUrl), proxyOn(settings.tokenUrl)];
  const notifyProxy = proxyOn(settings.notifyUrl || undefined);
  if (problems.size > 0) throw new SettingsError([...problems]);
  const folders = { stateDir: resolve(settings.stateDir), dataDir: resolve(settings.dataDir) };
  return { ...settings, ...folders, envFile, apiProxy, tokenProxy, notifyProxy };
}

/**
 * The environment for a child process with other settings: this process' own one without settings of ours, no settings
 * file, and the given settings.
 */
export function environmentWith(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  // npm starts this process, perhaps, but not the child.
  const names = [...Object.keys(settingsTable), 'npm_lifecycle_event'];
  const others = Object.entries(process.env).filter(([name]) => !names.includes(name));
  return { ...Object.fromEntries(others), ENV_FILE: 'none', ...settings };
}

/** @param mustExist whether the user has named the file: a typo in its name must not lead to another account */
function readEnvFile(path: string, { mustExist }: { readonly mustExist: boolean }): Record<string, string> {
  try {
    const bytes = readFileSync(path);
    if (!isUtf16(bytes)) return parse(bytes);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !mustExist) return {};
    if (codeOf(error) === 'ENOENT') {
      throw new SettingsError([`ENV_FILE names ${path}, which does not exist: correct it, or set none for no file.`]);
    }
    throw new SettingsError([`${path} cannot be read (${codeOf(error)}): make it readable, or remove it.`]);
  }
  throw new SettingsError([`${path} ${utf16Advice}`]);
}

/** The values of settings that were not valid are missing. */
function exposedAddresses({ apiBaseUrl, tokenUrl, notifyUrl, allowHttp }: Partial<Settings>): string[] {
  if (allowHttp === 'yes') return [];
  const rows = [
    [apiBaseUrl, 'API_BASE_URL'],
    [tokenUrl, 'TOKEN_URL'],
    [notifyUrl || undefined, 'NOTIFY_URL'],
  ] as const;
  return rows.flatMap(([url, name]) => {
    if (url === undefined || !isExposed(url)) return [];
    return [
      `${name} is plain http to ${new URL(url).host}: others on the way could read the credentials. ` +
        'Use https, or set ALLOW_HTTP=yes where the way is your own.',
    ];
  });
}

function invalidValue(name: string, { expected, secret }: SettingRow, given: string): string {
  return secret
    ? `${name} is not valid: expected ${expected}.`
    : `${name} is ${JSON.stringify(given)}: expected ${expected}.`;
}

function missingCredentials(settings: Settings, envFile: string | null): string[] {
  const rows = [
    [settings.clientId, 'CLIENT_ID', 'YOUR_CLIENT_ID'],
    [settings.clientSecret, 'CLIENT_SECRET', 'YOUR_CLIENT_SECRET'],
  ] as const;
  return rows.flatMap(([value, name, placeholder]) => {
    if (value === placeholder) return [`${name} is still the placeholder: put in the value from UserTesting.`];
    return value === '' ? [`${name} is missing: ${placeOf(envFile, name)}.`] : [];
  });
}

function placeOf(envFile: string | null, name: string): string {
  if (envFile === null) return 'set it in the environment';
  if (existsSync(envFile)) return `set it in ${envFile} or the environment`;
  return `make a file ${envFile} with a line ${name}=…, or set it in the environment`;
}

const shortestPassword = 12;

/** What is wrong with the password of a board that others can reach. Invalid settings are missing here. */
function weakPassword({ boardHost, boardPassword }: Partial<Settings>): string[] {
  if (boardHost === undefined || boardPassword === undefined) return [];
  if (/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(boardHost)) return [];
  const wanted = `a board that listens beyond this machine (BOARD_HOST) needs one of ${shortestPassword} characters or more.`;
  if (boardPassword === '') return [`BOARD_PASSWORD is missing: ${wanted}`];
  return [...boardPassword].length < shortestPassword ? [`BOARD_PASSWORD is too short: ${wanted}`] : [];
}
