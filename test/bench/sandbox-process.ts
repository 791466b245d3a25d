import type { SandboxTest } from '@inventory/sandbox';
import { startProgram } from '../support/program.ts';
import type { SeenRequest } from './spacing.ts';

/** The sandbox as a process of its own, so that it does not share an event loop with what is measured. */
export interface SandboxProcess {
  readonly settings: Readonly<Record<string, string>>;
  /** Results API requests so far, in the order of arrival. */
  seen(): Promise<SeenRequest[]>;
  library(): Promise<SandboxTest[]>;
  /** How long answers take from now on, ms. */
  setLatency(ms: number): Promise<void>;
  stop(): Promise<void>;
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

/** Starts one on a free port. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const { tests, seed, latencyMs = 0, limit = { requests: 0, windowMs: 1000 }, metadata = false } = options;
  const numbers = {
    port: 0,
    tests,
    seed,
    latency: latencyMs,
    'window-ms': limit.windowMs,
    limit: limit.requests,
  };
  const args = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = startProgram('sandbox', metadata ? [...args, '--metadata'] : args, {});
  await program.said(/CLIENT_SECRET=\S+/);
  const settings = Object.fromEntries(
    [...program.stdout().matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
  const url = settings['API_BASE_URL'] ?? '';
  const ask = async (path: string) => JSON.parse(await (await fetch(`${url}/sandbox/${path}`)).text());
  return {
    settings,
    seen: async (): Promise<SeenRequest[]> => ask('requests?endpoint=results'),
    library: async (): Promise<SandboxTest[]> => ask('library'),
    async setLatency(latency) {
      const body = JSON.stringify({ latency });
      await fetch(`${url}/sandbox/latency`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });
    },
    async stop() {
      program.kill('SIGTERM');
      await program.ended;
    },
  };
}
