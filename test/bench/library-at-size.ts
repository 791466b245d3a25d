import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import type { RedisClient } from '@inventory/redis';
import { Keyspace } from '@inventory/redis';
import { expectedCounts, sameCounts } from './expected-counts.ts';
import { listAlone } from './list-alone.ts';
import { redisMemory } from './redis-memory.ts';
import { type Measured, runMeasured } from './run-measured.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

export interface LibraryOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly dataDir: string;
  /** Its listing says the type of each. */
  readonly tests: number;
}

/** What the commands took on a library of one size. */
export interface LibraryFigures {
  /** The listing and nothing else, ms. */
  readonly listingMs: number;
  /** The same, and a start that finds nothing new, where answers take 20 ms; null for libraries that take too long. */
  readonly slowly: { readonly listingMs: number; readonly again: Measured } | null;
  readonly commands: Readonly<Record<CommandName, Measured>>;
  readonly bytesPerTest: number;
  readonly wrong: readonly string[];
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

const mostSlowly = 100_000;

/** Takes a library whose listing says all types through the commands, each a process of its own. */
export async function libraryAtSize({ client, prefix, dataDir, tests }: LibraryOptions): Promise<LibraryFigures> {
  const sandbox = await startSandboxProcess({ tests, seed: 1, metadata: true });
  const folder = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: prefix,
    STATE_DIR: join(folder, 'state'),
    DATA_DIR: dataDir,
    REQUEST_INTERVAL_MS: '0',
    LOG_LEVEL: 'warn',
  };
  const run = (name: CommandName): Promise<Measured> => {
    const [app, ...args] = commands[name];
    return runMeasured(app, name === 'ndjson' ? [...args, join(folder, 'tests.ndjson')] : args, settings);
  };
  try {
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
    const right = {
      'every command ends with 0': [...Object.values(measured), ...(slowly ? [slowly.again] : [])].every(
        ({ code }) => code === 0,
      ),
      'the listing is whole': listing.tests === tests,
      'the types are right': sameCounts(byCategory, expectedCounts({ tests, seed: 1, metadata: true }, 'metadata')),
      'nothing was probed': (await sandbox.seen()).length === 0,
      'the plan has nothing to do': answer(measured.plan).stands.done === tests,
      'the state files hold every test': (await recordsIn(settings.STATE_DIR)) === tests,
      'NDJSON has every test': (await linesIn(join(folder, 'tests.ndjson'))) === tests,
      'status knows every test': answer(measured.status).tests.known === tests,
    };
    const wrong = Object.entries(right).flatMap(([rule, holds]) => (holds ? [] : [`${tests} tests: not so: ${rule}`]));
    return { listingMs: listing.ms, slowly, commands: measured, bytesPerTest, wrong };
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An API takes its time, and a start does much of its own work meanwhile. */
async function againSlowly(sandbox: SandboxProcess, again: () => Promise<Measured>) {
  await sandbox.setLatency(20);
  const { ms: listingMs } = await listAlone(sandbox);
  const slowly = { listingMs, again: await again() };
  await sandbox.setLatency(0);
  return slowly;
}

interface JsonAnswer {
  readonly stands: { readonly done: number };
  readonly tests: { readonly known: number };
}

function answer({ stdout }: Measured): JsonAnswer {
  return JSON.parse(stdout) as JsonAnswer;
}

async function recordsIn(stateDir: string): Promise<number> {
  const { counts } = JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'));
  return counts.utz + counts.classicut;
}

async function linesIn(path: string): Promise<number> {
  let lines = 0;
  for (const byte of await readFile(path)) if (byte === 0x0a) lines += 1;
  return lines;
}
