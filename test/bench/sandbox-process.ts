import { isDeepStrictEqual } from 'node:util';
import type { Totals } from '@inventory/checkpoints';
import { type Category, platformOf, testTypeOf } from '@inventory/classification';
import {
  createLibrary,
  type expectedByMetadata,
  type LibraryOptions,
  type LoggedRequest,
  type SandboxTest,
} from '@inventory/sandbox';
import { startProcess } from '../support/program.ts';

/** The sandbox as a process of its own, so that it does not share an event loop with what is measured. */
export interface SandboxProcess extends AsyncDisposable {
  readonly settings: Readonly<Record<string, string>>;
  /** Results API requests so far, in the order of arrival. */
  requests(): Promise<LoggedRequest[]>;
  library(): Promise<SandboxTest[]>;
  /** How long answers take from now on, ms. */
  setLatency(ms: number): Promise<void>;
}

/** Options of the sandbox's command line, by name: `latency` in ms, `limit` in requests per `window-ms`. */
type SandboxFlags = Readonly<Partial<Record<'tests' | 'seed' | 'latency' | 'limit' | 'window-ms', number>>> & {
  /** Whether listings show type and product type. */
  readonly metadata?: boolean;
};

/** Starts a sandbox on a free port, without a limit unless there is one among the flags; it is stopped in the end. */
export async function openSandbox({ metadata = false, ...numbers }: SandboxFlags): Promise<SandboxProcess> {
  const flags = Object.entries({ port: 0, limit: 0, ...numbers }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const program = startProcess('sandbox', [...flags, ...(metadata ? ['--metadata'] : [])], {});
  await program.said(/CLIENT_SECRET=\S+/);
  const exported = program.stdout().matchAll(/^export (API_BASE_URL|TOKEN_URL|CLIENT_ID|CLIENT_SECRET)=(\S+)$/gm);
  const settings = Object.fromEntries([...exported].map(([, name = '', value = '']) => [name, value]));
  const ask = async (path: string, init?: RequestInit) =>
    (await fetch(`${settings['API_BASE_URL']}/sandbox/${path}`, init)).json();
  return {
    settings,
    requests: () => ask('requests?endpoint=results') as Promise<LoggedRequest[]>,
    library: () => ask('library') as Promise<SandboxTest[]>,
    setLatency: async (latency) => void (await ask('latency', { method: 'PUT', body: JSON.stringify({ latency }) })),
    async [Symbol.asyncDispose]() {
      program.kill('SIGTERM');
      await program.ended;
    },
  };
}

/** Whether the checkpoints have come to the counts of a sandbox's library. @param expectedOf what was to be found out */
export function hasExpectedCounts(
  byCategory: Totals['byCategory'],
  library: LibraryOptions,
  expectedOf: typeof expectedByMetadata,
): boolean {
  const expected = [...createLibrary(library).tests()].map((test) => {
    const verdict = expectedOf(test);
    return verdict?.testType ?? verdict?.platform ?? 'undecided';
  });
  const found = Object.entries(byCategory).flatMap(([name, count]) => {
    const category = name as Category;
    return Array<string>(count).fill(testTypeOf(category) ?? platformOf(category));
  });
  return isDeepStrictEqual(found.sort(), expected.sort());
}
