export { envFileExposure, writeEnvFile } from './env-file.ts';
export { type Desktop, desktopOf, type NpmOptions, npmOptions } from './environment.ts';
export {
  environmentWith,
  type LoadedSettings,
  loadSettings,
  type Requirement,
  SettingsError,
} from './load-settings.ts';
export type { ProxyAddress } from './proxy.ts';
export type { Settings } from './settings-table.ts';
