import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { createListingClient, listPages } from '@inventory/usertesting';
import { floorMs } from './floor.ts';
import { inFolder, type Measured, redisMemory, runMeasured } from './measure.ts';
import { hasExpectedCounts, type SandboxProcess, withSandbox } from './sandbox-process.ts';
import { accessTokenOf } from './ways.ts';

interface LibraryAtSizeOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly dataDir: string;
  /** Its listing says the type of each. */
  readonly tests: number;
}

const commands = {
  start: ['cli', 'start', '--all'],
  again: ['cli', 'start', '--all'],
  plan: ['cli', 'plan', '--all', '--json'],
  export: ['exporter', '--once'],
  ndjson: ['exporter', '--once', '--format', 'ndjson', '--out'],
  verify: ['cli', 'verify', '--json'],
  status: ['cli', 'status', '--json'],
} as const;
type CommandName = keyof typeof commands;

/** What the commands took on a library of one size. */
export type LibraryFigures = Awaited<ReturnType<typeof runCommands>>;

/** Larger libraries take too long where each answer takes 20 ms. */
const mostSlowly = 100_000;

/** Takes a library whose listing says all types through the commands, each a process of its own. */
export function libraryAtSize(options: LibraryAtSizeOptions): Promise<LibraryFigures> {
  const library = { tests: options.tests, seed: 1, metadata: true };
  return withSandbox(library, (sandbox) => inFolder((folder) => runCommands(options, { sandbox, folder, library })));
}

async function runCommands(
  { client, prefix, dataDir, tests }: LibraryAtSizeOptions,
  { sandbox, folder, library }: { sandbox: SandboxProcess; folder: string; library: { tests: number; seed: number } },
) {
  const stateDir = join(folder, 'state');
  const ndjson = join(folder, 'tests.ndjson');
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: prefix,
    STATE_DIR: stateDir,
    DATA_DIR: dataDir,
    REQUEST_INTERVAL_MS: '0',
    LOG_LEVEL: 'warn',
  };
  const run = (name: CommandName): Promise<Measured> =>
    runMeasured([...commands[name], ...(name === 'ndjson' ? [ndjson] : [])], settings);
  const floor = await floorMs(sandbox, folder);
  const listing = await listAlone(sandbox);
  const before = await redisMemory(client);
  const start = await run('start');
  const bytesPerTest = ((await redisMemory(client)) - before) / tests;
  const measured = {
    start,
    again: await run('again'),
    plan: await run('plan'),
    export: await run('export'),
    ndjson: await run('ndjson'),
    verify: await run('verify'),
    status: await run('status'),
  };
  const slowly = tests > mostSlowly ? null : await againSlowly(sandbox, () => run('again'));
  const { byCategory } = await (await Checkpoints.open(new Keyspace(client, prefix))).inventory.totals();
  const { counts } = JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'));
  const ended = [...Object.values(measured), ...(slowly ? [slowly.again] : [])];
  const right = {
    'every command ends with 0': ended.every(({ code }) => code === 0),
    'the listing is whole': listing.tests === tests,
    'the types are right': hasExpectedCounts(byCategory, library, 'metadata'),
    'nothing was probed': (await sandbox.requests()).length === 0,
    'the plan has nothing to do': JSON.parse(measured.plan.stdout).situations.done === tests,
    'the state files hold every test': counts.utz + counts.classicut === tests,
    'NDJSON has every test': (await readFile(ndjson)).filter((byte) => byte === 0x0a).length === tests,
    'status knows every test': JSON.parse(measured.status.stdout).tests.known === tests,
  };
  const wrong = Object.entries(right).flatMap(([rule, holds]) => (holds ? [] : [`${tests} tests: not so: ${rule}`]));
  return { floorMs: floor, listingMs: listing.ms, slowly, commands: measured, bytesPerTest, wrong };
}

/** An API takes its time, and a start does much of its own work meanwhile. */
async function againSlowly(sandbox: SandboxProcess, again: () => Promise<Measured>) {
  await sandbox.setLatency(20);
  const { ms: listingMs } = await listAlone(sandbox);
  const slowly = { listingMs, again: await again() };
  await sandbox.setLatency(0);
  return slowly;
}

/** Lists a library as the producer does, and writes nothing down. @returns how long it takes, ms, and how many tests came */
async function listAlone(sandbox: SandboxProcess): Promise<{ readonly ms: number; readonly tests: number }> {
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
  const { signal } = new AbortController();
  let tests = 0;
  const list = async (workspaceUuid: string): Promise<void> => {
    for await (const page of listPages(listing, { workspaceUuid, from: null, signal })) tests += page.tests.length;
  };
  await Promise.all((await listing.workspaces()).map(({ uuid }) => list(uuid)));
  return { ms: performance.now() - startedAt, tests };
}
