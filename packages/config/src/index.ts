export { environmentWith } from './environment-with.ts';
export { type LoadedSettings, type LoadSettingsOptions, loadSettings, type Requirement } from './load-settings.ts';
export type { ProxyAddress } from './proxies/proxy-for.ts';
export { rewriteEnvText } from './rewrite-env-text.ts';
export { SettingsError } from './settings-error.ts';
export { type SettingRow, type Settings, settingsTable } from './settings-table.ts';
export { writeEnvFile } from './write-env-file.ts';
