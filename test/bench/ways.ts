import { join } from 'node:path';
import { Queue } from 'bullmq';
import { type Program, startFile, startProcess } from '../support/program.ts';
import { until } from '../support/until.ts';
import { type Place, timed } from './part.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import type { KnownTest } from './tutorial.ts';

/** A library to be probed, and where. */
export type Probing = Place & { readonly sandbox: SandboxProcess; readonly intervalMs: number };

/** A way of probing a library by processes of one kind. */
export interface Way {
  readonly name: string;
  /** Hands the tests to the processes, which may have been started before. */
  readonly enqueue: (probing: Probing) => Promise<unknown>;
  /** Starts one more process, which says `ready for tests`. */
  readonly start: (probing: Probing) => Program;
  /** Whether every test has its outcome, once all are enqueued. */
  readonly isDone: (probing: Probing) => Promise<boolean>;
}

/** A producer enqueues, and each process is a worker. */
export const thisProgram: Way = {
  name: 'this program',
  async enqueue(probing) {
    const { code, stdout, stderr } = await startProcess('producer', ['--all'], settingsOf(probing)).ended;
    if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stdout}\n${stderr}`);
  },
  start: (probing) => startProcess('worker', [], settingsOf(probing)),
  isDone: async ({ checkpoints }) => (await checkpoints.inventory.totals()).open === 0,
};

function settingsOf({ sandbox, settings, intervalMs }: Probing) {
  return { ...sandbox.settings, ...settings, CLASSIFY_BY: 'probe', REQUEST_INTERVAL_MS: `${intervalMs}` };
}

export const jobPerTest = peerWay('jobPerTest', 'BullMQ limiter of 10 a window, one job a test', addJobs);
export const jobPerRequest = peerWay('jobPerRequest', 'BullMQ limiter of one an interval, one job a request', addJobs);
export const bottleneck = peerWay('bottleneck', 'Bottleneck on Redis, one job a request', ({ checkpoints, sandbox }) =>
  checkpoints.client.rpush(checkpoints.key('waiting'), ...sandbox.uuids()),
);

async function addJobs({ checkpoints: { client, prefix }, sandbox }: Probing): Promise<void> {
  const queue = new Queue<KnownTest>('peer', { connection: client, prefix });
  const tests = sandbox.uuids().map((uuid) => ({ uuid, evidence: {}, category: null }));
  await queue.addBulk(tests.map((data) => ({ name: 'request', data })));
  await queue.close();
}

function peerWay(peer: string, name: string, enqueue: Way['enqueue']): Way {
  return {
    name,
    enqueue,
    start({ checkpoints: { client, prefix }, sandbox, intervalMs }) {
      const file = join(import.meta.dirname, 'peer-process.ts');
      const path = 'path' in client.options ? (client.options.path ?? '') : '';
      return startFile(file, [peer, path, prefix, `${intervalMs}`], sandbox.settings);
    },
    isDone: async ({ checkpoints, sandbox }) =>
      (await checkpoints.client.scard(checkpoints.key('done'))) === sandbox.library.size(),
  };
}

/**
 * Has a library probed by so many processes, which are ready before.
 * @returns time from handing the tests over until every one has its outcome, ms
 */
export async function runWay(way: Way, { processes, ...probing }: Probing & { readonly processes: number }) {
  const running = Array.from({ length: processes }, () => way.start(probing));
  try {
    await Promise.all(running.map((each) => each.said('ready for tests')));
    return await timed(async () => {
      await way.enqueue(probing);
      await until('every test has its outcome', () => way.isDone(probing), 3_600_000);
    });
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}
