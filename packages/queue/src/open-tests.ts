import type { Inventory } from '@inventory/checkpoints';
import type { TestQueue } from './test-queue.ts';

/** Open tests that are checked in one go while there are jobs; Redis needs some 10 ms for so many. */
const aGo = 2_000;
/** Jobs at the front of the queue that are checked in one go: more than get a turn before the next check. */
const inFront = 100;

/**
 * Enqueues open tests again whose jobs were lost: between a checkpoint and the queue, or because Redis has lost a part
 * of a job. Takes jobs out of the queue that have nothing to do. Each call checks all tests when the queue has
 * nothing to do, and else a part of them, so that 100,000 cost no more than 1,000.
 */
export class OpenTests {
  readonly #inventory: Inventory;
  readonly #queue: TestQueue;
  #portions: AsyncGenerator<readonly string[]> | null = null;
  /** Had no mark at the last look: a producer may have been about to enqueue them. */
  #suspects: readonly string[] = [];

  constructor(inventory: Inventory, queue: TestQueue) {
    this.#inventory = inventory;
    this.#queue = queue;
  }

  /** @returns how many tests were found waiting without a living job */
  async requeue(): Promise<number> {
    await this.#queue.mendHold();
    const { waiting, active, delayed } = await this.#queue.counts();
    if (waiting + active + delayed === 0) return this.#requeueAll();
    await this.#dropIdle();
    const suspects = await this.#queue.living.without(this.#suspects);
    const lost = await this.#queue.living.restoreMarks(suspects.unmarked);
    const next = await this.#queue.living.without(await this.#nextGo());
    this.#suspects = next.unmarked;
    return this.#enqueue([...suspects.dead, ...lost, ...next.dead]);
  }

  /** The same at once for some tests. @returns those that were found waiting without a living job */
  async requeueSome(uuids: readonly string[]): Promise<string[]> {
    const { dead, unmarked } = await this.#queue.living.without(uuids);
    const lost = [...dead, ...(await this.#queue.living.restoreMarks(unmarked))];
    await this.#enqueue(lost);
    return lost;
  }

  async #requeueAll(): Promise<number> {
    this.#portions = null;
    this.#suspects = [];
    let found = 0;
    for await (const uuids of this.#inventory.open()) {
      const { dead, unmarked } = await this.#queue.living.without(uuids);
      found += await this.#enqueue([...dead, ...unmarked]);
    }
    return found;
  }

  /** Continues where the last call ended. */
  async #nextGo(): Promise<string[]> {
    this.#portions ??= this.#inventory.open();
    const uuids: string[] = [];
    while (uuids.length < aGo) {
      const { done, value } = await this.#portions.next();
      if (done === true) {
        this.#portions = null;
        break;
      }
      uuids.push(...value);
    }
    return uuids;
  }

  /** Tests that have their outcome by now are left out. */
  async #enqueue(uuids: readonly string[]): Promise<number> {
    const open = await this.#inventory.stillOpen(uuids);
    await this.#queue.enqueue(open);
    return open.length;
  }

  async #dropIdle(): Promise<void> {
    const jobs = await this.#queue.living.inFront(inFront);
    const open = new Set((await this.#inventory.stillOpen(jobs.map(({ uuid }) => uuid))).map(({ uuid }) => uuid));
    const idle = jobs.filter(({ uuid, twice }) => twice || !open.has(uuid));
    await Promise.all(idle.map(({ id }) => this.#queue.bull.remove(id)));
  }
}
