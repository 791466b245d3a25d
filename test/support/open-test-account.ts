import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { StartedRun } from '@inventory/checkpoints';
import { loadSettings } from '@inventory/config';
import { beginRun, produce, selectAll } from '@inventory/producer';
import { type Account, openAccount, openRuntime, type Runtime } from '@inventory/runtime';
import { type Sandbox, type SandboxOptions, startSandbox } from '@inventory/sandbox';
import { startWorker } from '@inventory/worker';
import { inject, onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

/** A sandbox, and what a process needs to work on it, on the run's real Redis under a prefix of its own. */
export interface TestAccount extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  readonly account: Account;
  /** The environment that gives another process the same settings. */
  readonly env: Readonly<Record<string, string>>;
  /** Lists and enqueues the whole library, as the producer does. */
  produceAll(): Promise<StartedRun>;
  /** Of all Results API requests so far, how many asked for each thing. */
  requests(): Record<string, number>;
  /** When requests were permitted, oldest first, ms of Redis' clock with fractions. */
  starts(): Promise<number[]>;
  /** Closes this in the end, before the account itself. */
  use(ending: () => Promise<void>): void;
}

export interface TestAccountOptions {
  readonly sandbox?: SandboxOptions;
  /** Settings by their names in the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openTestAccount(options: TestAccountOptions = {}): Promise<TestAccount> {
  const sandbox = await startSandbox({ limit: 0, ...options.sandbox });
  const env = {
    ENV_FILE: 'none',
    API_BASE_URL: sandbox.url,
    TOKEN_URL: sandbox.tokenUrl,
    CLIENT_ID: sandbox.clientId,
    CLIENT_SECRET: sandbox.clientSecret,
    REDIS_URL: inject('redisUrl'),
    QUEUE_PREFIX: `{${randomUUID()}}`,
    REQUEST_INTERVAL_MS: '0',
    REQUEST_TIMEOUT_MS: '2000',
    STEP_RETRIES: '1',
    CLASSIFY_BY: 'probe',
    LOG_LEVEL: 'silent',
    ...options.env,
  };
  const settings = loadSettings({ needs: ['credentials'], env });
  const runtime = await openRuntime({ settings, name: 'test' });
  const account = openAccount(runtime);
  const endings: (() => Promise<void>)[] = [];
  return {
    sandbox,
    runtime,
    account,
    env,
    async produceAll() {
      const workspaces = await account.listing.workspaces();
      const selection = selectAll(workspaces);
      const run = await beginRun({ runtime, queue: account.queue, workspaces, selection });
      await produce({ runtime, ...account, run, selection, signal: new AbortController().signal });
      return run;
    },
    requests() {
      const { token: _, workspaces: __, listing: ___, ...results } = sandbox.statistics().byEndpoint;
      return results;
    },
    async starts() {
      const micros = await runtime.client.lrange(`${settings.queuePrefix}:starts`, 0, -1);
      return micros.map((at) => Number(at) / 1000).reverse();
    },
    use(ending) {
      endings.push(ending);
    },
    async [Symbol.asyncDispose]() {
      for (const end of endings.reverse()) await end();
      await account.close();
      await runtime.close();
      await sandbox.close();
    },
  };
}

/** A test account with folders of its own, closed after the test. */
export async function openCliAccount({ sandbox, env }: TestAccountOptions = {}): Promise<TestAccount> {
  const folder = await temporaryFolder((work) => onTestFinished(work));
  const folders = { STATE_DIR: join(folder, 'state'), DATA_DIR: join(folder, 'data') };
  const opened = await openTestAccount({ ...(sandbox && { sandbox }), env: { ...folders, ...env } });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** Works on everything that is enqueued, until no test is open. */
export async function classifyAll({ runtime, account }: TestAccount): Promise<void> {
  const giveUp = (error: Error): void => {
    throw error;
  };
  const worker = await startWorker({ runtime, ...account, role: 'test', giveUp });
  await until('no test is open', async () => (await runtime.checkpoints.inventory.totals()).open === 0);
  await worker.stop();
}
