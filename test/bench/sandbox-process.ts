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
export interface SandboxProcess {
  readonly settings: Readonly<Record<string, string>>;
  /** Results API requests so far, in the order of arrival. */
  requests(): Promise<LoggedRequest[]>;
  library(): Promise<SandboxTest[]>;
  /** How long answers take from now on, ms. */
  setLatency(ms: number): Promise<void>;
}

export interface SandboxProcessOptions {
  readonly tests: number;
  readonly seed: number;
  readonly latencyMs?: number;
  /** Requests in any window, and its length in ms; no limit without it. */
  readonly limit?: { readonly requests: number; readonly windowMs: number };
  /** Whether listings show type and product type. */
  readonly metadata?: boolean;
}

/** Does work with a sandbox on a free port, which is stopped after it. */
export async function withSandbox<Result>(
  options: SandboxProcessOptions,
  work: (sandbox: SandboxProcess) => Promise<Result>,
): Promise<Result> {
  const { tests, seed, latencyMs = 0, limit = { requests: 0, windowMs: 1000 }, metadata = false } = options;
  const numbers = { tests, seed, latency: latencyMs, 'window-ms': limit.windowMs, limit: limit.requests };
  const args = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = startProcess('sandbox', ['--port', '0', ...args, ...(metadata ? ['--metadata'] : [])], {});
  try {
    await program.said(/CLIENT_SECRET=\S+/);
    const settings = Object.fromEntries(
      [...program.stdout().matchAll(/^export (API_BASE_URL|TOKEN_URL|CLIENT_ID|CLIENT_SECRET)=(\S+)$/gm)].map(
        ([, name, value]) => [name ?? '', value ?? ''],
      ),
    );
    const ask = async (path: string, init?: RequestInit) =>
      JSON.parse(await (await fetch(`${settings['API_BASE_URL']}/sandbox/${path}`, init)).text());
    return await work({
      settings,
      requests: () => ask('requests?endpoint=results'),
      library: () => ask('library'),
      setLatency: (latency) => ask('latency', { method: 'PUT', body: JSON.stringify({ latency }) }),
    });
  } finally {
    program.kill('SIGTERM');
    await program.ended;
  }
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
