import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nameOf } from '../world/actor.ts';
import { otherEnvLines, type World } from '../world/world.ts';
import type { Check } from './evidence.ts';

/** No secret, token or participant's data in logs, state files or Redis, but the token in its one place. */
export const checkSecrets: Check = async ({ stage, contents }) => {
  const { world } = stage;
  const found: string[] = [];
  const look = (where: string, text: string): void => {
    for (const secret of world.secrets) if (text.includes(secret)) found.push(`${where} holds ${secret}`);
  };
  for (const actor of world.troupe.actors) {
    const { stdout, stderr } = await actor.program.ended;
    look(nameOf(actor), stdout + stderr);
  }
  for (const [key, value] of Object.entries(contents)) {
    if (!key.startsWith(`${world.prefix}:token:`)) look(key, JSON.stringify([key, value]));
  }
  for (const [path, text] of await writtenFiles(world)) look(path, text);
  return [...found, ...(await envFileProblems(world))];
};

/** State and data folder, whatever is in there. */
async function writtenFiles({ account: { stateDir } }: World): Promise<[path: string, text: string][]> {
  const folders = [stateDir, join(dirname(stateDir), 'data')];
  const entries = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])),
  );
  const paths = entries.flat().filter((entry) => entry.isFile());
  return Promise.all(
    paths.map(async ({ parentPath, name }): Promise<[string, string]> => {
      const path = join(parentPath, name);
      return [path, await readFile(path, 'utf8')];
    }),
  );
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
