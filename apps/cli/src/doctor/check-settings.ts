import { envFileExposure, type LoadedSettings, loadSettings, type Requirement, SettingsError } from '@inventory/config';
import { displayPath } from '@inventory/logger';
import { exitCode } from '@inventory/runtime';
import type { Finding } from './doctor-report.ts';

/** The settings, as far as they are usable, and their problems. */
export interface CheckedSettings {
  /** Null when a value is malformed. */
  readonly settings: LoadedSettings | null;
  /** Whether client id and secret are given. */
  readonly credentials: boolean;
  readonly findings: readonly Finding[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings and lists every problem. @param env the environment; that of this process by default */
export function checkSettings(env?: Environment): CheckedSettings {
  const problems = (needs: readonly Requirement[]): readonly string[] => problemsOf(needs, env);
  const all = problems(['credentials', 'board']);
  const usable = problems([]).length === 0;
  const settings = usable ? loadSettings(env === undefined ? {} : { env }) : null;
  const exposure = envFileExposure(settings?.envFile ?? null);
  const where = settings?.envFile == null ? 'the environment' : `${displayPath(settings.envFile)} and the environment`;
  return {
    settings,
    credentials: usable && problems(['credentials']).length === 0,
    findings: [
      ...(all.length === 0
        ? [{ level: 'PASS', check: 'Settings', message: `complete and well formed, from ${where}` } as const]
        : all.map((message) => ({ level: 'FAIL', check: 'Settings', message, code: exitCode.usage }) as const)),
      ...(exposure === null ? [] : [{ level: 'FAIL', check: 'Settings', message: exposure } as const]),
    ],
  };
}

function problemsOf(needs: readonly Requirement[], env: Environment | undefined): readonly string[] {
  try {
    loadSettings({ needs, ...(env && { env }) });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}
