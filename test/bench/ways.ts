import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import { type Program, startFile, startProcess } from '../support/program.ts';
import { timed } from './measure.ts';
import type { PartOptions } from './part.ts';
import { type PeerName, peers } from './peers.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** A library that is probed by processes of one kind. */
export interface Way {
  /** Hands the tests to the processes, which may have been started before. */
  enqueue(): Promise<unknown>;
  /** Starts one more process; resolves when it is ready for tests. */
  start(): Promise<Program>;
  /** Whether every test has its outcome, once all are enqueued. */
  isDone(): Promise<boolean>;
}

export interface WayOptions extends Pick<PartOptions, 'client' | 'dataDir'> {
  readonly sandbox: SandboxProcess;
  readonly prefix: string;
  readonly intervalMs: number;
}

export type WayName = PeerName | 'program';

/** A way's name for people. */
export function nameOf(way: WayName): string {
  return way === 'program' ? 'this program' : peers[way].name;
}

/** Gets a library ready to be probed in a way, without a process yet. */
export function openWay(way: WayName, options: WayOptions): Promise<Way> {
  return way === 'program' ? programWay(options) : peerWay(way, options);
}

/** A producer enqueues, and each process is a worker. */
async function programWay({ sandbox, client, prefix, dataDir, intervalMs }: WayOptions): Promise<Way> {
  const place = { ...sandbox.settings, QUEUE_PREFIX: prefix, DATA_DIR: dataDir };
  const settings = { ...place, CLASSIFY_BY: 'probe', REQUEST_INTERVAL_MS: `${intervalMs}`, LOG_FORMAT: 'json' };
  const { inventory } = await Checkpoints.open(new Keyspace(client, prefix));
  return {
    async enqueue() {
      const { code, stdout, stderr } = await startProcess('producer', ['--all'], settings).ended;
      if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stdout}\n${stderr}`);
    },
    start: () => ready(startProcess('worker', [], settings)),
    isDone: async () => (await inventory.totals()).open === 0,
  };
}

async function peerWay(name: PeerName, { sandbox, client, prefix, intervalMs }: WayOptions): Promise<Way> {
  const uuids = (await sandbox.library()).map(({ uuid }) => uuid);
  const path = 'path' in client.options ? (client.options.path ?? '') : '';
  const file = join(import.meta.dirname, 'peer-process.ts');
  return {
    enqueue: () => peers[name].enqueue({ connection: client, prefix }, uuids),
    start: () => ready(startFile(file, [name, path, prefix, `${intervalMs}`], sandbox.settings)),
    isDone: async () => (await client.scard(`${prefix}:done`)) === uuids.length,
  };
}

async function ready(program: Program): Promise<Program> {
  await program.said('ready for tests');
  return program;
}

/**
 * Has a library probed by so many processes, which are ready before.
 * @returns time from handing the tests over until every one has its outcome, ms
 */
export async function runWay(way: Way, processes: number): Promise<number> {
  const running = await Promise.all(Array.from({ length: processes }, () => way.start()));
  try {
    return await timed(async () => {
      await way.enqueue();
      await untilDone(way);
    });
  } finally {
    for (const each of running) each.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
  }
}

export async function untilDone({ isDone }: Way): Promise<void> {
  while (!(await isDone())) await sleep(20);
}
