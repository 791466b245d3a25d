import { setTimeout as sleep } from 'node:timers/promises';
import { type Evidence, nextStep, tutorialRules } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { Queue, Worker } from 'bullmq';
import type { SandboxProcess } from './sandbox-process.ts';
import { askOne, openApi } from './ways.ts';

const name = 'peer';

interface PeerOptions {
  readonly sandbox: Pick<SandboxProcess, 'settings'>;
  readonly connection: RedisClient;
  readonly prefix: string;
}

/** The queue of the peer: a job is one request about one test, with what was answered before. */
export function peerQueue({ connection, prefix }: Omit<PeerOptions, 'sandbox'>): Queue {
  return new Queue(name, { connection, prefix });
}

/**
 * What one writes with BullMQ after its documentation on rate limits: a job for each request, at most one per interval, and
 * all other options at their defaults. It keeps the pace as this program does.
 * @returns what ends it
 */
export async function startPeer(options: PeerOptions & { readonly intervalMs: number }): Promise<() => Promise<void>> {
  const { sandbox, connection, prefix, intervalMs } = options;
  const ask = await openApi(sandbox);
  const queue = peerQueue(options);
  const worker = new Worker<{ uuid: string; evidence: Evidence }>(
    name,
    async ({ data: { uuid, evidence: before } }) => {
      const step = nextStep(before, tutorialRules);
      if (step.kind === 'decided') return;
      const evidence = { ...before, ...(await askOne(ask, uuid, step)) };
      if (nextStep(evidence, tutorialRules).kind !== 'decided') await queue.add('request', { uuid, evidence });
    },
    { connection, prefix, concurrency: 10, limiter: { max: 1, duration: intervalMs } },
  );
  return async () => {
    await worker.close();
    await queue.close();
  };
}

/** Enqueues a library. @returns whether all of it is done */
export async function enqueueForPeer(queue: Queue, sandbox: SandboxProcess): Promise<() => Promise<boolean>> {
  const tests = await sandbox.library();
  await queue.addBulk(tests.map(({ uuid }) => ({ name: 'request', data: { uuid, evidence: {} } })));
  return async () =>
    Object.values(await queue.getJobCounts('waiting', 'active', 'delayed')).every((count) => count === 0);
}

/** The library by the peer, in this process. */
export async function peerWay(options: PeerOptions & { sandbox: SandboxProcess; intervalMs: number }): Promise<void> {
  const queue = peerQueue(options);
  const isDone = await enqueueForPeer(queue, options.sandbox);
  const stop = await startPeer(options);
  while (!(await isDone())) await sleep(20);
  await stop();
  await queue.close();
}
