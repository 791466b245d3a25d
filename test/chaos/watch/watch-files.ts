import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 10;
const names = ['utz_tests.json', 'classicut_tests.json', 'errors.json'] as const;

/** What was seen of the state files during a run. */
export interface FileSights {
  readonly looks: number;
  /** Files that did not parse, and records that were gone again at a later look; each once. */
  readonly problems: readonly string[];
}

/** Reads and parses the state files over and over until it is ended. */
export function watchFiles(stateDir: string): { end(): Promise<FileSights> } {
  const problems = new Set<string>();
  const seen = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
  let going = true;
  let looks = 0;

  async function look(name: string): Promise<void> {
    const text = await readFile(join(stateDir, name), 'utf8').catch(() => null);
    const before = seen.get(name) ?? new Set();
    if (text === null) {
      if (before.size > 0) problems.add(`${name} is gone`);
      return;
    }
    looks += 1;
    const uuids = readUuids(text);
    if (uuids === null) return void problems.add(`${name} does not parse: ${text.slice(0, 200)}`);
    if (name === 'errors.json') return;
    const lost = [...before].filter((uuid) => !uuids.has(uuid));
    for (const uuid of lost) problems.add(`${name} has lost ${uuid}`);
    for (const uuid of uuids) before.add(uuid);
  }

  const looking = (async () => {
    while (going) {
      for (const name of names) await look(name);
      await sleep(lookEveryMs);
    }
  })();
  return {
    async end() {
      going = false;
      await looking;
      return { looks, problems: [...problems] };
    },
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
