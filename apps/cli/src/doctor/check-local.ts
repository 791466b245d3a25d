import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { envFileExposure, type LoadedSettings, loadSettings, type Requirement, SettingsError } from '@inventory/config';
import { commandLine, displayPath, messageOf } from '@inventory/logger';
import { exitCode } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import { type Finding, fail, pass } from './doctor-report.ts';

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
  const file = settings?.envFile ?? null;
  const exposure = envFileExposure(file);
  const where = file !== null && existsSync(file) ? `${displayPath(file)} and the environment` : 'the environment';
  return {
    settings,
    credentials: usable && problems(['credentials']).length === 0,
    findings: [
      ...(all.length === 0
        ? [pass('Settings', `complete and well formed, from ${where}`)]
        : all.map((message) => fail('Settings', message, exitCode.usage))),
      ...(exposure === null ? [] : [fail('Settings', exposure)]),
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

/** Checks that the state files can be written, and belong to this account. */
export async function checkStateDir(settings: LoadedSettings): Promise<Finding[]> {
  const writable = await checkFolder('STATE_DIR', settings.stateDir);
  try {
    await new StateDir(settings).assertOwn();
    return [writable];
  } catch (error) {
    if (writable.level === 'FAIL') return [writable];
    return [writable, fail('STATE_DIR', messageOf(error))];
  }
}

/** Checks that a folder is writable, by writing a file in it and removing it. @param name the setting's name */
export async function checkFolder(name: 'STATE_DIR' | 'DATA_DIR', path: string): Promise<Finding> {
  const shown = displayPath(path);
  let made: string | undefined;
  try {
    made = await mkdir(path, { recursive: true });
    await writeAndRemove(join(path, `.doctor-${randomUUID()}`));
    return pass(name, `${shown} can be written`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return fail(
      name,
      `${shown} cannot be written (${code}): give this user access, free some space, or choose another`,
    );
  } finally {
    if (made !== undefined) await removeEmpty(path, made);
  }
}

/** Removes the folders that the check has made, unless another process has begun to use them. */
async function removeEmpty(path: string, made: string): Promise<void> {
  for (let folder = path; folder.startsWith(made); folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function writeAndRemove(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`written by ${commandLine('doctor')}, removed at once\n`);
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
