import { isDeepStrictEqual } from 'node:util';
import type { Totals } from '@inventory/checkpoints';
import { categories, platformOf, testTypeOf } from '@inventory/classification';
import { createLibrary, expectedByMetadata, expectedByProbes, type LoggedRequest } from '@inventory/sandbox';
import { startProcess } from '../support/program.ts';

/** The sandbox as a process of its own, so that it does not share an event loop with what is measured. */
export type SandboxProcess = Awaited<ReturnType<typeof openSandbox>>;

type NumberFlag = 'tests' | 'seed' | 'latency' | 'limit' | 'window-ms';

/**
 * Starts a sandbox on a free port, without a limit unless there is one among the flags; it is stopped in the end.
 * @param options of its command line: `latency` in ms, `limit` in requests per `window-ms`, `metadata` for types in listings
 */
export async function openSandbox(options: Partial<Record<NumberFlag, number>> & { readonly metadata?: boolean }) {
  const { metadata = false, ...numbers } = options;
  const flags = Object.entries({ port: 0, limit: 0, ...numbers }).map(([name, value]) => `--${name}=${value}`);
  const program = startProcess('sandbox', metadata ? [...flags, '--metadata'] : flags, {});
  await program.said(/CLIENT_SECRET=\S+\n/);
  const exported = program.stdout().matchAll(/^export (API_BASE_URL|TOKEN_URL|CLIENT_ID|CLIENT_SECRET)=(\S+)$/gm);
  const settings = Object.fromEntries([...exported].map(([, name = '', value = '']) => [name, value]));
  const library = createLibrary({ ...numbers, metadata });
  const ask = async (path: string, init?: RequestInit) =>
    (await fetch(`${settings['API_BASE_URL']}/sandbox/${path}`, init)).json();
  return {
    settings,
    /** The same as the process has. */
    library,
    uuids: () => Array.from(library.tests(), ({ uuid }) => uuid),
    /** Results API requests so far, in the order of arrival. */
    requests: () => ask('requests?endpoint=results') as Promise<LoggedRequest[]>,
    /** How long answers take from now on, ms. */
    setLatency: (latency: number) => ask('latency', { method: 'PUT', body: JSON.stringify({ latency }) }),
    /** Whether its tests have these types: those that the listing says, else those that probes find. */
    isRight(found: Totals['byCategory']): boolean {
      const types = categories.map((each) => Array(found[each] ?? 0).fill(testTypeOf(each) ?? platformOf(each)));
      const expected = [...library.tests()].map((test) => {
        const { testType, platform } = (metadata && expectedByMetadata(test)) || expectedByProbes(test);
        return testType ?? platform;
      });
      return isDeepStrictEqual(types.flat().sort(), expected.sort());
    },
    [Symbol.asyncDispose]: async () => void (await program.stop()),
  };
}
