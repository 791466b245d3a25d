import { actsScript, type RedisClient } from '@inventory/redis';
import type { Queue } from 'bullmq';

const keyNames = ['base', 'wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'] as const;
const files = [new URL('../lua/living-jobs.lua', import.meta.url)];
const script = actsScript({ keys: keyNames, constants: {}, files, args: 'ARGV' });

const portion = 200;

/** A job near the front of the queue, and the test that it is for. */
export interface JobInFront {
  readonly id: string;
  readonly uuid: string;
  /** True when another job lives for the same test. */
  readonly twice: boolean;
}

/** Finds which tests have a living job, whichever part of a job Redis has lost. */
export class LivingJobs {
  readonly #client: RedisClient;
  readonly #keys: readonly string[];

  constructor(client: RedisClient, queue: Queue) {
    this.#client = client;
    this.#keys = keyNames.map((name) => queue.toKey(name === 'base' ? '' : name));
  }

  /**
   * Which of these tests can be enqueued. Leftovers of a `dead` job are removed by this. An `unmarked` test was never
   * enqueued, has its outcome, or has lost its mark alone: then {@link restoreMarks} finds its job.
   */
  async without(uuids: readonly string[]): Promise<Record<'unmarked' | 'dead', string[]>> {
    const found = { unmarked: [] as string[], dead: [] as string[] };
    for (let from = 0; from < uuids.length; from += portion) {
      const flat = (await this.#run('without', ...uuids.slice(from, from + portion))) as string[];
      for (let index = 0; index < flat.length; index += 2) {
        found[flat[index + 1] === 'dead' ? 'dead' : 'unmarked'].push(flat[index] ?? '');
      }
    }
    return found;
  }

  /** The jobs at the front of the queue. Entries whose record was lost are taken out, so that they use no turn. */
  async inFront(most: number): Promise<JobInFront[]> {
    const flat = (await this.#run('inFront', most)) as string[];
    return flat.flatMap((id, index) =>
      index % 3 === 0 ? [{ id, uuid: flat[index + 1] ?? '', twice: flat[index + 2] === 'twice' }] : [],
    );
  }

  /** Looks through all jobs for those of these tests, and marks them again. @returns the tests that have none */
  async restoreMarks(uuids: readonly string[]): Promise<string[]> {
    const left = new Set(uuids);
    for (let from = 0; left.size > 0; from += portion) {
      const found = await this.#run('restoreMarks', from, from + portion - 1, ...left);
      const [seen, marked] = found as [number, string[]];
      for (const uuid of marked) left.delete(uuid);
      if (seen === 0) break;
    }
    return [...left];
  }

  #run(act: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return script.run(this.#client, this.#keys, [act, ...args]);
  }
}
