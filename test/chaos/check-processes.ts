import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checks } from './evidence.ts';
import type { ChaosProcess } from './processes.ts';
import type { Role } from './troubles.ts';
import { otherEnvLines, type World } from './world.ts';

/** 2 would be a wrong setting; a worker or an exporter does not end by itself. */
const codes: Readonly<Record<Role, { readonly byItself: readonly number[]; readonly bySignal: readonly number[] }>> = {
  start: { byItself: [0, 1, 3], bySignal: [0, 1, 3, 130] },
  producer: { byItself: [0, 1, 3], bySignal: [0, 1, 3, 130] },
  worker: { byItself: [], bySignal: [0] },
  exporter: { byItself: [], bySignal: [0] },
};

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
    for (const path of await writtenFiles(world)) look(path, await readFile(path, 'utf8'));
    return [...found, ...(await envFileProblems(world))];
  },
};

async function endOf({ name, role, signals, program }: ChaosProcess): Promise<string[]> {
  const { stdout, stderr, code, signal } = await program.ended;
  const found: string[] = [];
  const { byItself, bySignal } = codes[role];
  const expected = signals.length > 0 ? [...bySignal, ...(signals.length > 1 ? [130] : [])] : byItself;
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

/** The paths of all files in state and data folder. */
async function writtenFiles({ account: { stateDir } }: World): Promise<string[]> {
  const folders = [stateDir, join(dirname(stateDir), 'data')];
  const entries = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])),
  );
  return entries.flat().flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}

/** New tokens leave the other lines of the settings file alone. */
async function envFileProblems({ envFile }: World): Promise<string[]> {
  if (envFile === null) return [];
  const lines = (await readFile(envFile, 'utf8')).split('\n');
  const kept = lines.slice(0, otherEnvLines.length).join('\n') === otherEnvLines.join('\n');
  const others = lines.slice(otherEnvLines.length).filter((line) => !/^(ACCESS_TOKEN|EXPIRES_IN)=\S+$|^$/.test(line));
  return [
    ...(kept ? [] : ['the settings file has lost lines']),
    ...others.map((line) => `the settings file has a line ${line.slice(0, 20)}…`),
  ];
}
