import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { environmentWith, loadSettings } from '@inventory/config';
import { type ExitCode, exitCode } from '@inventory/runtime';
import { librarySummary, type Sandbox, startSandbox } from '@inventory/sandbox';
import { start } from '../start/start.ts';
import { demoLibrary } from './demo-library.ts';
import { startWorkers } from './start-workers.ts';

const folder = '.data/demo';
const workers = 2;
/** Faster than the real API allows by a factor of forty, so that the demo takes half a minute. */
const intervalMs = 150;

/**
 * Runs the whole system against a simulated account: sandbox, two worker processes, producer, exporter. All
 * it writes is below `.data/demo`.
 */
export async function demo(signal: AbortSignal): Promise<ExitCode> {
  const runtime = resolve(folder);
  const stateDir = join(runtime, 'state');
  await rm(stateDir, { recursive: true, force: true });
  const sandbox = await startSandbox({
    library: demoLibrary(),
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
    DATA_DIR: runtime,
    STATE_DIR: stateDir,
    QUEUE_PREFIX: `{demo-${Date.now()}}`,
    REQUEST_INTERVAL_MS: String(intervalMs),
    EXPORT_INTERVAL_MS: '1000',
    LOG_LEVEL: 'warn',
  });
  say(`A simulated UserTesting account with ${sandbox.library.size()} tests listens at ${sandbox.url}.`);
  say(`${workers} worker processes probe it, together at most one request per ${intervalMs} ms (the real API: 6 s).\n`);
  const running = startWorkers(workers, environment, runtime);
  try {
    const settings = loadSettings({ env: environment, needs: ['credentials'] });
    const code = await start({ settings, options: { all: true }, signal, work: false });
    if (code === exitCode.interrupted) {
      say('(Only the demo begins anew each time.)');
      return code;
    }
    explain(sandbox, stateDir);
    return code;
  } finally {
    await running.stop();
    await sandbox.close();
  }
}

function explain(sandbox: Sandbox, stateDir: string): void {
  const { byProbes } = librarySummary(sandbox.library);
  const truth = Object.entries(byProbes).map(([kind, count]) => `${count} ${kind}`);
  const { results } = sandbox.statistics();
  say('\nWhat happened');
  say(`  The simulated account holds: ${truth.join(', ')}.`);
  say(`  It got ${results.count} Results API requests and refused ${results.throttled} of them (429).`);
  say(`  The files are in ${relative(process.cwd(), stateDir)}; open utz_tests.json to see one record a test.`);
  say('\nWhat to do next, for your own account');
  say('  1. cp .env.example .env');
  say('  2. put CLIENT_ID and CLIENT_SECRET from UserTesting support into .env');
  say('  3. npm start          (about 10 requests a minute; stop and go on whenever you like)');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
