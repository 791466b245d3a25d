export { type Desktop, desktopOf } from './desktop.ts';
export { envFileExposure, writeEnvFile } from './env-file.ts';
export { environmentWith, type LoadedSettings, loadSettings, type Requirement } from './load-settings.ts';
export { type NpmOptions, npmOptions } from './npm-options.ts';
export type { ProxyAddress } from './proxy.ts';
export { SettingsError } from './settings-error.ts';
export type { Settings } from './settings-table.ts';
