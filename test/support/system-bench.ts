import type {
  LibraryData,
  LoggedRequest,
  ResultsEndpoint,
  SandboxOptions,
  SandboxTest,
  TestKind,
} from '@inventory/sandbox';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { openTestAccount, type TestAccount } from './account.ts';
import { leastRequests } from './needed-probes.ts';
import { type Ended, type Program, startProgram } from './program.ts';

type Settings = Readonly<Record<string, string>>;

/** A simulated account with processes of the program around it; everything is ended after the test. */
export interface SystemBench extends TestAccount {
  readonly prefix: string;
  readonly redis: Redis;
  /** The tests of the library, in the order in which they were given. */
  readonly tests: readonly SandboxTest[];
  /** Starts a process. @param settings on top of those of the account */
  launch(app: string, args?: readonly string[], settings?: Settings): Program;
  /** Runs `npm start -- --all` to its end. */
  start(settings?: Settings): Promise<Ended>;
  /** Results requests so far, of one test and endpoint where they are named. */
  asked(testUuid?: string, endpoint?: ResultsEndpoint): readonly LoggedRequest[];
  /** Results requests that the library costs at least. */
  least(): number;
}

/** Where a bench is, and who ends it. */
export interface SystemBenchOptions {
  readonly afterTest: (work: () => Promise<void>) => void;
  readonly sandbox: SandboxOptions;
  readonly settings?: Settings;
  /** The Redis of the whole run of tests without it. */
  readonly redisUrl?: string;
}

/** Opens a {@link SystemBench}. It knows nothing of other tests, so that they can run at the same time. */
export async function openSystemBench(options: SystemBenchOptions): Promise<SystemBench> {
  const { afterTest, settings: extra = {}, redisUrl = inject('redisUrl') } = options;
  const account = await openTestAccount(options.sandbox, redisUrl, extra);
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const programs: Program[] = [];
  const launch: SystemBench['launch'] = (app, args = [], settings = {}) => {
    const program = startProgram(app, args, { ...account.settings, ...settings });
    programs.push(program);
    return program;
  };
  const close = async (): Promise<void> => {
    for (const program of programs) program.kill('SIGKILL');
    await Promise.all(programs.map(({ ended }) => ended));
    redis.disconnect();
    await account.close();
  };
  afterTest(close);
  return {
    ...account,
    close,
    redis,
    prefix: account.settings['QUEUE_PREFIX'] ?? '',
    get tests() {
      return [...account.sandbox.library.tests()];
    },
    launch,
    start: (settings) => launch('cli', ['start', '--all'], settings).ended,
    asked: (testUuid, endpoint) =>
      account.sandbox
        .requests()
        .filter((request) => /^\/api\/v2\//.test(request.path))
        .filter((request) => testUuid === undefined || request.testUuid === testUuid)
        .filter((request) => endpoint === undefined || request.endpoint === endpoint),
    least: () => leastRequests(account.sandbox.library),
  };
}

/** A library of one workspace with these tests. */
export function libraryOf(...kinds: readonly TestKind[]): LibraryData {
  return { workspaces: [{ name: 'Büro' }], tests: kinds.map((kind) => ({ kind })) };
}
