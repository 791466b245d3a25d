import type { RedisClient } from '@inventory/redis';
import type { CircuitCause, PaceKeys } from './keys.ts';
import { PaceScript } from './script.ts';

/** Within this time failures of other requests are unlikely, ms. */
const quickAnswer = 100;

const script = new PaceScript('circuit');

/** Permission to send one request. */
export interface Granted {
  readonly go: true;
  /** Redis' time, epoch ms. */
  readonly startedAt: number;
  /** When it arrived here, by `performance.now()`. */
  readonly givenAt: number;
  /** How many refusals in a row there were before it. */
  readonly streak: number;
  /** `probing`: the circuit is open, and this finds out whether the API answers again. `failures`: the last request failed. */
  readonly trouble: 'probing' | 'failures' | null;
}

/** A request that got no answer. */
export interface FailedRequest {
  /** The test it was about. */
  readonly testUuid: string;
  /** When it was permitted, epoch ms of Redis' clock. */
  readonly startedAt: number;
  /** Whether it was permitted in order to find out whether the API answers again. */
  readonly probing: boolean;
  /** How many tests wait for an outcome: with only one, an outage cannot be distinguished from a failing test. */
  readonly openTests: number;
  /** How long a pause the API asked for, ms; 0 = it did not say. */
  readonly askedMs: number;
  /** What failed, as a sentence for people; no secret. */
  readonly why: string;
}

/** What a failure means: a failed try of its test, or a part of an outage; then when a request may probe, ms. */
export interface FailureMeaning {
  readonly kind: 'counts' | 'opened' | 'open';
  readonly waitMs: number;
}

/**
 * The circuit of the whole cluster. While it is open, only single requests are sent, to test whether the API
 * answers again (docs/decisions/0010-the-circuit.md).
 */
export class Circuit {
  readonly #client: RedisClient;
  readonly #keys: PaceKeys;
  /** Whether this process has noted a failure since the last answer. */
  #failed = false;

  constructor(client: RedisClient, keys: PaceKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Notes a transient failure, and opens the circuit when enough of them came in a row. */
  async failed(request: FailedRequest): Promise<FailureMeaning> {
    const { testUuid, startedAt, openTests, probing, askedMs, why } = request;
    this.#failed = true;
    const args = [testUuid, startedAt, openTests, probing ? 1 : 0, Math.ceil(askedMs), why];
    const [kind, waitMs] = (await script.run(this.#client, this.#keys, 'failed', args)) as [
      FailureMeaning['kind'],
      number,
    ];
    return { kind, waitMs };
  }

  /**
   * Notes that the API has answered, with any status, which ends the failures in a row and an outage. Asks Redis only
   * where there may be something to end.
   * @param permit of the request. If its answer took long, other requests may have failed since
   * @returns since when the closed circuit had been open, epoch ms of Redis' clock; null when it was not open
   */
  async answered({ trouble, givenAt }: Pick<Granted, 'trouble' | 'givenAt'>): Promise<number | null> {
    const quick = performance.now() - givenAt < quickAnswer;
    return trouble === null && !this.#failed && quick ? null : this.close('outage');
  }

  /** Closes the circuit if it is open for this cause. @returns as {@link answered} */
  async close(cause: CircuitCause): Promise<number | null> {
    this.#failed = false;
    const since = await script.run(this.#client, this.#keys, 'answered', [cause]);
    return since === '' ? null : Number(since);
  }

  /**
   * Opens the circuit until a control is known again, also where it is open because of an outage.
   * @param why as a sentence for people
   * @returns false when it was held already
   */
  async hold(why: string): Promise<boolean> {
    return (await script.run(this.#client, this.#keys, 'hold', [why])) === 1;
  }

  /** Gives back the permit to probe, which came too late to be used: another request may probe at once. */
  async giveBack(): Promise<void> {
    await script.run(this.#client, this.#keys, 'giveBack');
  }

  /**
   * Notes that the request that probed got no answer: the next one comes after twice the time.
   * @returns how long that is, ms; 0 when the circuit has been closed since
   */
  async stillOpen(): Promise<number> {
    return Number(await script.run(this.#client, this.#keys, 'stillOpen'));
  }
}
