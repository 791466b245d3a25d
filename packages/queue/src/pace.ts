import type { Keyspace, RedisClient } from '@inventory/redis';
import { Circuit, type Granted } from './circuit.ts';
import { type PaceKeys, type PauseCause, paceKeys } from './keys.ts';
import { PaceScript } from './script.ts';

const script = new PaceScript('pace');
/** How much longer than its time-out a request may take until its outcome is noted, ms. */
const answerGrace = 5_000;

/** Whether a request may go out now. */
export type Permit =
  | Granted
  /**
   * It may not; the job goes back unused. `slow`: the permit took too long to arrive. `held`: only a question to a
   * control may go out. `ask a control`: a control is to be asked instead, because this test has failed in the outage
   * already. `outage`: a streak's control is not asked in an outage.
   */
  | { readonly go: false; readonly why: 'unlimited' | 'late' | 'slow' | 'held' | 'ask a control' | 'outage' };

/** More about a request that is about to go out. */
export interface PermitOptions {
  /** Whom it asks: a test unless said otherwise, a control, or a control because of a streak of ClassicUT verdicts. */
  readonly asks?: 'test' | 'control' | 'streak';
  /** The test it is about; without it the request is as good as any other to probe with. */
  readonly testUuid?: string;
  /** How long it may take, ms; 30,000 unless said otherwise. An open circuit waits that long for its outcome. */
  readonly timeoutMs?: number;
}

type Permitted = ['go' | Extract<Permit, { go: false }>['why'], string, string, 'probing' | 'failures' | ''];

/** A pause: how much of it is left, and for how long there have been only refusals (ms). */
export interface Pause {
  readonly leftMs: number;
  readonly refusedForMs: number;
}

interface NewPause {
  readonly startedAt: number;
  /** -1: as long as the streak of refusals makes it. */
  readonly askedMs: number;
  readonly cause: PauseCause;
}

/** A process that works on the queue. */
export interface AttachedProcess {
  readonly role: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly intervalMs: number;
  /** Id of the run that it was started for, if it works for one. */
  readonly run?: string;
}

/**
 * The pace of the whole cluster. BullMQ's global limit is the limiter; this makes sure that it is set, that a
 * grant is used at once or not at all, and that all workers stop when the API says so.
 */
export class Pace {
  readonly #client: RedisClient;
  readonly #keys: PaceKeys;
  /** Least time between two starts, ms; 0 means no limit. */
  readonly intervalMs: number;
  readonly circuit: Circuit;
  /** When this process was last given leave, by `performance.now()`. */
  #givenAt = Number.NEGATIVE_INFINITY;

  constructor(keyspace: Keyspace, intervalMs: number) {
    this.#client = keyspace.client;
    this.#keys = paceKeys(keyspace);
    this.intervalMs = intervalMs;
    this.circuit = new Circuit(this.#client, this.#keys);
  }

  /**
   * Asks for permission to send one request, as the last act before sending it. A permit that took longer than half an
   * interval to arrive is not used: the next start may be due already. A refusal changes nothing, so it is safe to ask
   * again for another kind of request.
   * @param lateMs time since BullMQ granted the job. Up to 5 ms or half a percent of the interval are normal.
   */
  async permit(lateMs: number, options: PermitOptions = {}): Promise<Permit> {
    const { asks = 'test', timeoutMs = 30_000, testUuid = '' } = options;
    const args = [this.intervalMs, Math.max(0, Math.round(lateMs)), asks, timeoutMs + answerGrace, testUuid];
    const askedAt = performance.now();
    // A step of Redis' clock shortens its waits, not this process' own.
    if (askedAt - this.#givenAt < 0.9 * this.intervalMs - 10) return { go: false, why: 'late' };
    const answer = await script.run(this.#client, this.#keys, 'permit', args);
    const tookMs = performance.now() - askedAt;
    const [word, startedAt, streak, trouble] = answer as Permitted;
    if (word !== 'go') return { go: false, why: word };
    if (this.intervalMs > 0 && tookMs > this.intervalMs / 2) {
      if (trouble === 'probing') await this.circuit.giveBack();
      return { go: false, why: 'slow' };
    }
    if (this.intervalMs > 0 && tookMs > Math.max(5, this.intervalMs * 0.005)) {
      script.run(this.#client, this.#keys, 'lengthen').catch(() => undefined);
    }
    this.#givenAt = askedAt + tookMs;
    const givenAt = this.#givenAt;
    return { go: true, startedAt: Number(startedAt), givenAt, streak: Number(streak), trouble: trouble || null };
  }

  /**
   * Pauses all workers because the API refused a request (429).
   * @param startedAt when that request was permitted (epoch ms, Redis' clock)
   * @param askedMs the pause the API asked for; null: a minute, doubling up to fifteen
   */
  refused(startedAt: number, askedMs: number | null): Promise<Pause> {
    return this.#pause({ startedAt, askedMs: askedMs ?? -1, cause: 'refused' });
  }

  /**
   * Pauses all workers for another reason: another program is using up the account's rate, there is no token, or the
   * API asked for a pause (503).
   * @param ms whole or not, at most an hour
   */
  rest(ms: number, cause: Exclude<PauseCause, 'refused'>): Promise<Pause> {
    return this.#pause({ startedAt: 0, askedMs: ms, cause });
  }

  async #pause({ startedAt, askedMs, cause }: NewPause): Promise<Pause> {
    const args = [this.intervalMs, startedAt, Math.ceil(askedMs), cause];
    const [leftMs, refusedForMs] = (await script.run(this.#client, this.#keys, 'pauseAll', args)) as [number, string];
    return { leftMs, refusedForMs: Number(refusedForMs) };
  }

  /** Ends a streak of refusals: a request has been answered. */
  async answered(): Promise<void> {
    await this.#client.hdel(this.#keys.pause, 'streak', 'since');
  }

  /** Sets the limit to the longest interval of all processes alive. @returns that interval, ms */
  assertLimit(): Promise<number> {
    return this.#attach('', '');
  }

  /**
   * Puts this process on the list of those that work on the queue, and sets the limit ({@link assertLimit}). Has to be
   * repeated every five seconds.
   * @returns the interval in force, ms
   */
  attach(id: string, process: AttachedProcess): Promise<number> {
    return this.#attach(id, JSON.stringify(process));
  }

  async #attach(id: string, record: string): Promise<number> {
    return Number(await script.run(this.#client, this.#keys, 'attach', [this.intervalMs, id, record]));
  }

  /** Takes this process off the list of those that work on the queue. */
  async detach(id: string): Promise<void> {
    await this.#client.hdel(this.#keys.processes, id);
  }
}
