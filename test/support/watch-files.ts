import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 10;
const names = ['utz_tests.json', 'classicut_tests.json', 'errors.json'] as const;

/**
 * Reads and parses the state files over and over until it is ended; then gives the files that did not parse and the
 * records that were gone at a later look, each once.
 */
export function watchFiles(stateDir: string): { end(): Promise<readonly string[]> } {
  const problems = new Set<string>();
  const seen = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));

  async function look(name: string): Promise<void> {
    const text = await readFile(join(stateDir, name), 'utf8').catch(() => null);
    const before = seen.get(name) ?? new Set();
    if (text === null) {
      if (before.size > 0) problems.add(`${name} is gone`);
      return;
    }
    const uuids = readUuids(text);
    if (uuids === null) return void problems.add(`${name} does not parse: ${text.slice(0, 200)}`);
    if (name === 'errors.json') return;
    for (const uuid of before) if (!uuids.has(uuid)) problems.add(`${name} has lost ${uuid}`);
    for (const uuid of uuids) before.add(uuid);
  }

  const stop = repeat(async () => {
    for (const name of names) await look(name);
  }, lookEveryMs);
  return {
    async end() {
      await stop();
      return [...problems];
    },
  };
}

/** Does something over and over. @returns what ends that, after the last time */
export function repeat(work: () => Promise<void>, everyMs: number): () => Promise<void> {
  let going = true;
  const working = (async () => {
    while (going) {
      await work();
      await sleep(everyMs);
    }
  })();
  return () => {
    going = false;
    return working;
  };
}

/** The test UUIDs of a list, none for an object; null for what is no JSON. */
function readUuids(text: string): Set<string> | null {
  try {
    const content: unknown = JSON.parse(text);
    return new Set(Array.isArray(content) ? content.map((record) => String(record?.test_uuid)) : []);
  } catch {
    return null;
  }
}
