import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedByProbes, type Sandbox, type SandboxOptions, startSandbox } from '@inventory/sandbox';

/** A simulated account with a folder of its own, and the settings that point the program to it. */
export interface TestAccount {
  readonly sandbox: Sandbox;
  readonly stateDir: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The three state files, parsed. */
  files(): Promise<StateFiles>;
  /** What the two lists have to be, from the sandbox's library. */
  expected(): Pick<StateFiles, 'utz' | 'classic'>;
  close(): Promise<void>;
}

interface UtzRecord {
  readonly test_uuid: string;
  readonly workspace_uuid: string;
  readonly workspace_name: string;
  readonly test_type?: string;
}

interface StateFiles {
  readonly utz: readonly UtzRecord[];
  readonly classic: readonly Omit<UtzRecord, 'test_type'>[];
  readonly errors: Readonly<Record<string, { readonly type: string; readonly status: number | null }>>;
}

/**
 * Opens a simulated account.
 * @param redisUrl where its Redis is; each account has a prefix of its own
 * @param settings on top of those that every test has
 */
export async function openTestAccount(
  options: SandboxOptions,
  redisUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestAccount> {
  const sandbox = await startSandbox({ limit: 0, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'inventory-test-'));
  const stateDir = join(folder, 'state');
  const read = async (name: string) => JSON.parse(await readFile(join(stateDir, name), 'utf8'));
  return {
    sandbox,
    stateDir,
    settings: {
      API_BASE_URL: sandbox.url,
      TOKEN_URL: sandbox.tokenUrl,
      CLIENT_ID: sandbox.clientId,
      CLIENT_SECRET: sandbox.clientSecret,
      CLASSIFY_BY: 'probe',
      REDIS_URL: redisUrl,
      QUEUE_PREFIX: `{test-${randomUUID()}}`,
      STATE_DIR: stateDir,
      DATA_DIR: join(folder, 'data'),
      REQUEST_INTERVAL_MS: '20',
      EXPORT_INTERVAL_MS: '100',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      ...settings,
    },
    files: async () => ({
      utz: await read('utz_tests.json'),
      classic: await read('classicut_tests.json'),
      errors: await read('errors.json'),
    }),
    expected: () => expectedFiles(sandbox),
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A test belongs to the last workspace that lists it; records are sorted by test UUID. */
function expectedFiles({ library }: Sandbox): Pick<StateFiles, 'utz' | 'classic'> {
  const names = new Map(library.workspaces().map(({ uuid, name }) => [uuid, name]));
  const records = [...library.tests()]
    .map((test) => {
      const workspace = test.workspaces.at(-1) ?? '';
      const { platform, testType } = expectedByProbes(test);
      const record: UtzRecord = {
        test_uuid: test.uuid,
        workspace_uuid: workspace,
        workspace_name: names.get(workspace) ?? '',
        ...(testType !== null && { test_type: testType }),
      };
      return { platform, record };
    })
    .sort((a, b) => (a.record.test_uuid < b.record.test_uuid ? -1 : 1));
  const of = (wanted: string) => records.filter(({ platform }) => platform === wanted).map(({ record }) => record);
  return { utz: of('UTZ'), classic: of('ClassicUT') };
}
