import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { leastRequestsFor } from '../support/needed-probes.ts';
import { startProcess } from '../support/program.ts';
import { withPrefix } from './measure.ts';
import { paceOf } from './pace.ts';
import { type Part, type PartOptions, print, printHead, printRow } from './part.ts';
import { enqueueForPeer, peerQueue } from './peer.ts';
import { type SandboxProcess, withSandbox } from './sandbox-process.ts';

const intervalMs = 200;

/** A library that is being worked on by one process, which can be killed and replaced. */
interface Killable {
  readonly start: () => Promise<ChildProcess | { kill(signal: NodeJS.Signals): unknown }>;
  /** Whether every test has its outcome. */
  readonly isDone: () => Promise<boolean>;
}

/** The only worker is killed (SIGKILL) in the middle, and another one is started at once. */
export const killBench: Part = async (options) => {
  const tests = options.quick ? 8 : 20;
  print(
    `\nkill -9 of the only worker in the middle, and a new one at once: ${tests} tests, interval ${intervalMs} ms.\n`,
  );
  printHead(['way', 'requests repeated', 'longest time without a request', '429']);
  const wrong: string[] = [];
  const missed: string[] = [];
  const ways = options.quick
    ? [['this program', program] as const]
    : [['this program', program] as const, ['BullMQ, a job for each request', peer] as const];
  for (const [name, way] of ways) {
    const limit = { requests: 10, windowMs: 9.75 * intervalMs };
    await withSandbox({ tests, seed: 1, latencyMs: intervalMs / 2, limit }, (sandbox) =>
      withPrefix(options.client, async (prefix) => {
        const least = leastRequestsFor(await sandbox.library());
        await killInTheMiddle(
          await way({ ...options, sandbox, prefix }),
          async () => (await sandbox.requests()).length >= least / 2,
        );
        const seen = await sandbox.requests();
        const { throttled } = paceOf(seen, intervalMs);
        const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? at));
        const [repeated, gapMs] = [seen.length - throttled - least, Math.max(...gaps)];
        printRow([name, repeated, `${(gapMs / 1000).toFixed(1)} s`, throttled]);
        if (name !== 'this program') return;
        // Requests in flight at the kill: their answers are lost. With answers of half an interval that is one.
        if (repeated < 0 || repeated > 1 || throttled > 0)
          wrong.push(`after a kill: ${repeated} requests repeated, ${throttled} × 429`);
        if (gapMs > 10_000) missed.push(`after a kill no request for ${gapMs} ms`);
      }),
    );
  }
  return { wrong, missed };
};

async function killInTheMiddle({ start, isDone }: Killable, isHalf: () => Promise<boolean>): Promise<void> {
  const first = await start();
  while (!(await isHalf())) await sleep(20);
  first.kill('SIGKILL');
  const second = await start();
  while (!(await isDone())) await sleep(20);
  second.kill('SIGKILL');
}

interface WayOptions extends PartOptions {
  readonly sandbox: SandboxProcess;
  readonly prefix: string;
}

async function program({ client, dataDir, sandbox, prefix }: WayOptions): Promise<Killable> {
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: prefix,
    CLASSIFY_BY: 'probe',
    REQUEST_INTERVAL_MS: String(intervalMs),
    DATA_DIR: dataDir,
  };
  await startProcess('producer', ['--all'], settings).ended;
  const { inventory } = await Checkpoints.open(new Keyspace(client, prefix));
  return {
    async start() {
      const worker = startProcess('worker', [], settings);
      await worker.said('ready for tests');
      return worker;
    },
    isDone: async () => (await inventory.totals()).open === 0,
  };
}

async function peer({ client, sandbox, prefix }: WayOptions): Promise<Killable> {
  const script = join(import.meta.dirname, 'peer-process.ts');
  const options = ['--import', 'tsx', '--conditions=source', script, socketOf(client), prefix, String(intervalMs)];
  const isDone = await enqueueForPeer(peerQueue({ connection: client, prefix }), sandbox);
  return {
    isDone,
    async start() {
      const child = spawn(process.execPath, options, {
        env: { PATH: process.env['PATH'], ...sandbox.settings },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      return child;
    },
  };
}

/** The embedded Redis of the benchmark. */
function socketOf({ options }: RedisClient): string {
  return 'path' in options ? (options.path ?? '') : '';
}
