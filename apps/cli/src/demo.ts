import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, sayWhere, startBoard } from '@inventory/board';
import { environmentWith, loadSettings } from '@inventory/config';
import { commandLine, print } from '@inventory/logger';
import { type CommandContext, type ExitCode, exitCode, openRuntime } from '@inventory/runtime';
import { expectedCounts, type Sandbox, startSandbox } from '@inventory/sandbox';
import { countOf } from '@inventory/status/words';
import { Command } from 'commander';
import { barDisplay } from './display.ts';
import { start } from './start/start.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const folder = '.data/demo';
const workers = 2;
/** In a clone and in the package, seen from the built program. */
const settingsExample = fileURLToPath(new URL('../../.env.example', import.meta.url));
/** Forty times as fast as the real API allows, so that the demo takes half a minute. */
const intervalMs = 150;

export function demoCommand({ signal, end }: CommandContext): Command {
  return new Command('demo')
    .description('Runs the whole system against a simulated account: no credentials needed.')
    .action(async () => end(await demo(signal)));
}

/**
 * Runs the whole system against a simulated account: sandbox, two worker processes, producer, exporter, board. On a
 * terminal the board stays until a key is pressed. Writes only below `.data/demo`.
 */
async function demo(signal: AbortSignal): Promise<ExitCode> {
  const dataDir = resolve(folder);
  const stateDir = join(dataDir, 'state');
  await rm(stateDir, { recursive: true, force: true });
  const sandbox = await startSandbox({
    // The same UUIDs in every demo, so that its files can be compared.
    library: { tests: 72, workspaces: 4 },
    limit: 10,
    windowMs: 10 * intervalMs - 100,
    latency: 60,
  });
  const environment = environmentWith({
    API_BASE_URL: sandbox.url,
    TOKEN_URL: sandbox.tokenUrl,
    CLIENT_ID: sandbox.clientId,
    CLIENT_SECRET: sandbox.clientSecret,
    CLASSIFY_BY: 'probe',
    DATA_DIR: dataDir,
    STATE_DIR: stateDir,
    QUEUE_PREFIX: `{demo-${Date.now()}}`,
    REQUEST_INTERVAL_MS: String(intervalMs),
    EXPORT_INTERVAL_MS: '1000',
    LOG_LEVEL: 'warn',
    BOARD_HOST: '127.0.0.1',
    BOARD_PORT: '0',
  });
  say(`A simulated UserTesting account with ${sandbox.library.size()} tests listens at ${sandbox.url}.`);
  say(`${workers} worker processes probe it, together at most one request per ${intervalMs} ms (the real API: 6 s).\n`);
  const settings = loadSettings({ env: environment, needs: ['credentials'] });
  const running = startWorkers(environment, dataDir);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const display = process.stdout.isTTY === true ? barDisplay(null) : null;
  display?.wait('Opening Redis');
  try {
    await using runtime = await openRuntime({ settings, name: 'board' }).finally(() => display?.end());
    await using board = await startBoard({ runtime });
    sayWhere(board.url, 'Watch it on the board:');
    openBrowser(board.url);
    const code = await start({ settings, options: { all: true }, signal, work: false });
    if (code === exitCode.interrupted) {
      say('(For your own account, that is: the demo begins anew each time.)');
      return code;
    }
    explain(sandbox, stateDir);
    if (terminal) {
      say(`\nThe board stays at ${board.url} until you press a key.`);
      await keyPressed(signal);
    }
    return code;
  } finally {
    await Promise.all(running.map(stopChild));
    await sandbox.close();
  }
}

/** Also ends with the signal; Ctrl-C is a key here. */
async function keyPressed(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  stdin.setRawMode(true);
  await once(stdin, 'data', { signal }).catch(() => undefined);
  stdin.setRawMode(false).pause();
}

/**
 * Starts worker processes.
 * @param folder where their logs go: `worker-1.log`, …
 */
function startWorkers(environment: Environment, folder: string): ChildProcess[] {
  mkdirSync(folder, { recursive: true });
  const [, program = ''] = process.argv;
  return Array.from({ length: workers }, (_, index) => {
    const log = openSync(join(folder, `worker-${index + 1}.log`), 'w');
    const child = spawn(process.execPath, [program, 'worker'], { env: environment, stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  });
}

/** Lets a worker finish its requests. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function explain(sandbox: Sandbox, stateDir: string): void {
  const truth = Array.from(expectedCounts(sandbox.library), ([kind, count]) =>
    /test$|survey/.test(kind) ? countOf(count, kind) : `${count} ${kind}`,
  );
  const { results } = sandbox.statistics();
  say('\nWhat happened');
  say(`  The simulated account holds: ${truth.join(', ')}.`);
  say(`  It got ${results.count} Results API requests and refused ${results.throttled} of them (429).`);
  say(`  The files are in ${relative(process.cwd(), stateDir)}; open utz_tests.json to see one record per test.`);
  say('\nWhat to do next, for your own account');
  say(`  1. install -m 600 ${relative(process.cwd(), settingsExample)} .env`);
  say('  2. put CLIENT_ID and CLIENT_SECRET from UserTesting support into .env');
  say(`  3. ${commandLine('start')}      (about 10 requests a minute; interrupt and resume at any time)`);
}

function say(text: string): void {
  print(`${text}\n`);
}
