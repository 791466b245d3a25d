import { createLogger, SecretRegistry } from '@inventory/logger';
import { createListingClient, listPages } from '@inventory/usertesting';
import type { SandboxProcess } from './sandbox-process.ts';
import { accessTokenOf } from './script-way.ts';

/** Lists a library as the producer does, and writes nothing down. @returns how long it takes, ms, and how many tests came */
export async function listAlone(sandbox: SandboxProcess): Promise<{ readonly ms: number; readonly tests: number }> {
  const now = Date.now();
  const times = { expiresAt: now / 1000 + 3600, obtainedAt: now, lifetimeMs: 3_600_000 };
  const token = { accessToken: await accessTokenOf(sandbox), generation: 1, ...times };
  const listing = createListingClient({
    baseUrl: sandbox.settings['API_BASE_URL'] ?? '',
    requestTimeoutMs: 30_000,
    tokens: { current: async () => token, renew: async () => token, accepted: async () => undefined },
    logger: createLogger({ name: 'bench', level: 'warn', format: '', secrets: new SecretRegistry() }),
  });
  const startedAt = performance.now();
  let tests = 0;
  const list = async (uuid: string): Promise<void> => {
    const pages = listPages(listing, { workspaceUuid: uuid, from: null, signal: new AbortController().signal });
    for await (const page of pages) tests += page.tests.length;
  };
  await Promise.all((await listing.workspaces()).map(({ uuid }) => list(uuid)));
  return { ms: performance.now() - startedAt, tests };
}
