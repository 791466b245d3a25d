import { setTimeout as sleep } from 'node:timers/promises';
import { ChangesDroppedError, type Checkpoints, endOf, fromTheStart, type RunRecord } from '@inventory/checkpoints';
import { messageOf } from '@inventory/logger';
import { LuaScript, withLock } from '@inventory/redis';
import type { Runtime } from '@inventory/runtime';
import { readChanges, readShortStatus, type ShortStatus } from '@inventory/status';
import { z } from 'zod';
import { readChanged } from '../report-runs.ts';
import {
  isOver,
  type NotifiedEvent,
  runEnded,
  runRecovered,
  runStalled,
  type Stall,
  stallOf,
  typeChanged,
} from './event.ts';
import { NotDeliveredError, Sender } from './send.ts';

export interface NotifierOptions {
  readonly runtime: Runtime;
  /** How often it looks, ms; 3,000. */
  readonly lookEveryMs?: number;
  /** How long after an event that did not arrive it is sent again, ms; 60,000. */
  readonly retryAfterMs?: number;
  /** How long its end waits for a server, ms; 10,000. */
  readonly patienceMs?: number;
}

/** An event that is to be sent, and what is noted once it has arrived. */
interface Due {
  readonly event: NotifiedEvent;
  readonly noted: Readonly<Record<string, string>>;
}

/** What was told so far, as stored. */
type Told = Readonly<Record<string, string>>;

/** The end of each run that was told, epoch ms of Redis' clock, by its id. */
const toldEnds = z.record(z.string(), z.number());

/** Notes that what is due has arrived, unless something else is due by now: then another process has noted it. */
const noteTold = new LuaScript(`
if redis.call('HGET', KEYS[1], 'due') ~= ARGV[1] then return end
redis.call('HDEL', KEYS[1], 'due')
for index = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
`);

interface RunEnd {
  readonly run: RunRecord;
  /** Epoch ms of Redis' clock. */
  readonly end: number;
}

const lockMs = 30_000;
/** The longest wait that a server may ask for, ms. */
const longestWaitMs = 3_600_000;
/** Changes of type come in one message in so much time, ms. */
const typesEveryMs = 300_000;
const day = 86_400_000;
/** A run is checked soon after its end; without an exporter it never is, ms. */
const untilChecked = 60_000;

/**
 * Sends what somebody wants to hear of to NOTIFY_URL: a run has ended, does not go on, goes on again; a type has changed.
 * What was told is noted in Redis, so that of all processes one tells each event, and a killed one leaves nothing untold:
 * the event is stored before it is sent, with its id, and sent again by the next process where that is not known to have
 * worked.
 */
export class Notifier {
  readonly #checkpoints: Checkpoints;
  readonly #runtime: Runtime;
  readonly #sender: Sender;
  readonly #options: NotifierOptions;
  readonly #stopping = new AbortController();
  /** Breaks off the request that its end has waited for. */
  readonly #givingUp = new AbortController();
  readonly #ended: Promise<void>;
  #failure = '';
  /** Since when this process has seen the account stalled, epoch ms of Redis' clock. */
  #stalledFrom: number | null = null;

  private constructor(options: NotifierOptions) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#checkpoints = options.runtime.checkpoints;
    this.#sender = new Sender(options.runtime.settings);
    this.#ended = this.#watch(options.lookEveryMs ?? 3_000);
  }

  /** @returns null without NOTIFY_URL */
  static start(options: NotifierOptions): Notifier | null {
    return options.runtime.settings.notifyUrl === '' ? null : new Notifier(options);
  }

  /** Sends what is due, and ends; does not wait long for a server, or a Redis, that does not answer. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const last = this.#ended.then(() => this.#look()).catch(() => undefined);
    const wait = async (ms: number) => await sleep(ms, undefined, { ref: false });
    const late = wait(this.#options.patienceMs ?? 10_000).then(() => this.#givingUp.abort());
    // What is broken off frees the lock for the next process.
    await Promise.race([last, late.then(() => wait(1_000))]);
    this.#sender.close();
  }

  async #watch(everyMs: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look().catch((error: unknown) => {
        this.#runtime.logger.debug({ error: messageOf(error) }, 'could not look for what is to be notified');
      });
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Sends all that is due, one event after the other, unless another process does so now. */
  async #look(): Promise<void> {
    const { client } = this.#checkpoints;
    await withLock({ client, key: `${this.#key}:lock`, ttlMs: lockMs }, async ({ renew }) => {
      for (;;) {
        const told: Told = await client.hgetall(this.#key);
        const now = await this.#checkpoints.now();
        const again = Number(told['again'] ?? 0);
        if (now < again && again - now <= longestWaitMs) return;
        const due = told['due'] ?? (await this.#find(told, now));
        if (due === null || !(await renew())) return;
        await client.hset(this.#key, 'due', due);
        if (!(await this.#deliver(due, now))) return;
      }
    });
  }

  get #key(): string {
    return this.#checkpoints.key('notified');
  }

  /** @param due as stored @returns false when it did not arrive */
  async #deliver(due: string, now: number): Promise<boolean> {
    const { event, noted } = JSON.parse(due) as Due;
    const { logger } = this.#runtime;
    const { client } = this.#checkpoints;
    try {
      if (now - Date.parse(event.at) > day) logger.warn({ event: event.id }, 'a day old, not sent any more');
      else await this.#sender.send(event, this.#givingUp.signal);
      this.#failure = '';
    } catch (error) {
      if (this.#givingUp.signal.aborted) return false;
      const reason = messageOf(error);
      if (reason !== this.#failure)
        logger.warn({ event: event.event, reason }, 'a notification did not arrive; trying again');
      this.#failure = reason;
      const asked = error instanceof NotDeliveredError ? error.waitMs : 0;
      const waitMs = Math.max(asked, this.#options.retryAfterMs ?? 60_000);
      await client.hset(this.#key, 'again', (await this.#checkpoints.now()) + waitMs);
      return false;
    }
    await noteTold.run(client, [this.#key], [due, ...Object.entries(noted).flat()]);
    logger.debug({ event: event.id, host: this.#sender.host }, 'notified');
    return true;
  }

  /** The next event, as it is stored. */
  async #find(told: Told, now: number): Promise<string | null> {
    const { changes, client } = this.#checkpoints;
    const ends = await this.#ends();
    if (told['ends'] === undefined) {
      // What was before the first look is old.
      const old = JSON.stringify(Object.fromEntries(ends.map(({ run, end }) => [run.id, end])));
      await client.hset(this.#key, { ends: old, cursor: await changes.last() });
      return null;
    }
    const status = await readShortStatus(this.#runtime);
    const known = toldEnds.parse(JSON.parse(told['ends']));
    const due = this.#stall(status, told) ?? (await this.#runEnd(ends, known, now)) ?? (await this.#types(told, now));
    return due && JSON.stringify(due);
  }

  /** The runs that are over, in the order of their ends. */
  async #ends(): Promise<readonly RunEnd[]> {
    const runs = await this.#checkpoints.runs.list();
    const ends = runs.map((run) => ({ run, end: endOf(run) })).filter((each): each is RunEnd => each.end !== null);
    return ends.sort((a, b) => a.end - b.end);
  }

  #stall(status: ShortStatus, told: Told): Due | null {
    const { now } = status.pace;
    const known = told['stall'] ? (JSON.parse(told['stall']) as Stall) : null;
    const seen = stallOf(status, this.#stalledFrom ?? now);
    this.#stalledFrom = seen === null ? null : (this.#stalledFrom ?? now);
    if (seen === null && known !== null)
      return { event: runRecovered(this.#account, known, now), noted: { stall: '' } };
    if (seen === null || known !== null || !seen.isLong) return null;
    const stall = { reason: seen.reason, says: seen.says, at: new Date(now).toISOString() };
    return { event: runStalled(this.#account, stall), noted: { stall: JSON.stringify(stall) } };
  }

  /** @param known the ends that were told: those of runs that are no longer kept are dropped */
  async #runEnd(ends: readonly RunEnd[], known: Readonly<Record<string, number>>, now: number): Promise<Due | null> {
    const next = ends.find(({ run, end }) => known[run.id] !== end);
    if (next === undefined) return null;
    const { run, end } = next;
    const mayBeChecked = run.verified === undefined && !isOver(end, untilChecked, now);
    if (mayBeChecked && !this.#stopping.signal.aborted) return null;
    const report = await readChanged(this.#checkpoints, run.id);
    const kept = ends.flatMap(({ run: { id } }) => (known[id] === undefined ? [] : [[id, known[id]] as const]));
    const noted = { ends: JSON.stringify({ ...Object.fromEntries(kept), [run.id]: end }) };
    return report && { event: runEnded(this.#account, report, end), noted };
  }

  async #types({ cursor = fromTheStart, types = '0' }: Told, now: number): Promise<Due | null> {
    // What this process leaves untold waits for the next one.
    if (!isOver(Number(types), typesEveryMs, now) && !this.#stopping.signal.aborted) return null;
    const { client } = this.#checkpoints;
    try {
      const { changes, next } = await readChanges(this.#checkpoints, cursor, 1000);
      const changed = changes.filter((change) => change.changes.includes('type_changed'));
      if (changed.length > 0) {
        return { event: typeChanged(this.#account, changed), noted: { cursor: next, types: String(now) } };
      }
      if (next !== cursor) await client.hset(this.#key, 'cursor', next);
    } catch (error) {
      if (!(error instanceof ChangesDroppedError)) throw error;
      await client.hset(this.#key, 'cursor', error.next);
    }
    return null;
  }

  get #account(): string {
    const { accountName, queuePrefix } = this.#runtime.settings;
    return accountName || queuePrefix;
  }
}
