import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checks } from './evidence.ts';
import type { ChaosProcess } from './processes.ts';
import { otherEnvLines } from './world.ts';

/** New tokens leave the other lines of the settings file alone. */
const envFileForm = new RegExp(`^${otherEnvLines}((ACCESS_TOKEN|EXPIRES_IN)=\\S+\n|\n)*$`);

export const checksOfProcesses: Checks = {
  /** Also with the code they should, and never with a stack trace or an unexpected error. */
  async 'processes end as they should'({ run, ending }) {
    const found = ending.overdue.map((what) => `not over in time: ${what}`);
    for (const process of run.world.processes.all) found.push(...(await endOf(process)));
    return found;
  },

  /** The token in its one place, and the id of a session in the stored answers, are where they should be. */
  async 'no secret, token or personal data in logs, files or Redis'({ run: { world }, contents }) {
    const found: string[] = [];
    const { library } = world.account.sandbox;
    const sessions = [...library.tests()].flatMap(({ uuid }) => library.sessionIds(uuid));
    const look = (where: string, text: string): void => {
      const named = where === `${world.prefix}:evidence` ? [] : sessions;
      const secrets = [...world.secrets, ...named].filter((secret) => text.includes(secret));
      found.push(...secrets.map((secret) => `${where} holds ${secret}`));
    };
    for (const { name, program } of world.processes.all) look(name, program.stdout() + program.stderr());
    for (const [key, value] of Object.entries(contents)) {
      if (!key.startsWith(`${world.prefix}:token:`)) look(key, JSON.stringify([key, value]));
    }
    const folder = dirname(world.account.stateDir);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      // Beside the folders of the program is the settings file, which has the token.
      if (entry.isFile() && entry.parentPath !== folder) look(path, await readFile(path, 'utf8'));
    }
    if (world.envFile !== null && !envFileForm.test(await readFile(world.envFile, 'utf8'))) {
      found.push('the settings file has lost or changed a line, or has one too many');
    }
    return found;
  },
};

async function endOf({ name, role, signals, program }: ChaosProcess): Promise<string[]> {
  const { stdout, stderr, code, signal } = await program.ended;
  const found: string[] = [];
  const signalled = signals.length > 0;
  // 2 would be a wrong setting; a worker or an exporter does not end by itself.
  const endsByItself = role === 'start' || role === 'producer';
  const usual = endsByItself ? [0, 1, 3, ...(signalled ? [130] : [])] : signalled ? [0] : [];
  const expected = signals.length > 1 ? [...usual, 130] : usual;
  if (code === null && (signal === null || !signals.includes(signal))) found.push(`was ended by ${signal}`);
  if (code !== null && !expected.includes(code)) {
    found.push(`ended with ${code} after ${signals.join(', ') || 'no signal'}`);
  }
  const trace = /^.*\n\s+at .*$/m.exec(stdout + stderr) ?? /^.*(Unhandled|node:internal).*$/m.exec(stdout + stderr);
  if (trace) found.push(`crashed: ${trace[0]}`);
  const unexpected = /^.*unexpected error.*$/m.exec(stderr);
  if (unexpected) found.push(`had an unexpected error: ${unexpected[0]}`);
  return found.map((what) => `${name} ${what}`);
}
