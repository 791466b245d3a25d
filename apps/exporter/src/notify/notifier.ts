import { setTimeout as sleep } from 'node:timers/promises';
import { ChangesDroppedError, type Checkpoints, endOf, fromTheStart, type RunRecord } from '@inventory/checkpoints';
import { messageOf } from '@inventory/logger';
import { withLock } from '@inventory/redis';
import type { Runtime } from '@inventory/runtime';
import { readChanges, readRun, readShortStatus, type ShortStatus } from '@inventory/status';
import { type NotifiedEvent, runEnded, runRecovered, runStalled, type Stall, typeChanged } from './event.ts';
import { Sender } from './send.ts';
import { stallOf } from './stall.ts';

export interface NotifierOptions {
  readonly runtime: Runtime;
  /** How often it looks, ms; 3,000. */
  readonly lookEveryMs?: number;
  /** How long after an event that did not arrive it is sent again, ms; 60,000. */
  readonly retryAfterMs?: number;
}

/** An event that is to be sent, and what is noted once it has arrived. */
interface Due {
  readonly event: NotifiedEvent;
  readonly noted: Readonly<Record<string, string>>;
}

const lockMs = 30_000;
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
  readonly #ended: Promise<void>;
  #failure = '';
  #notBefore = 0;
  /** Since when this process has seen the account stalled, epoch ms of Redis' clock. */
  #stalledFrom: number | null = null;

  private constructor(options: NotifierOptions) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#checkpoints = options.runtime.checkpoints;
    this.#sender = new Sender(options.runtime);
    this.#ended = this.#watch(options.lookEveryMs ?? 3_000);
  }

  /** @returns null without NOTIFY_URL */
  static start(options: NotifierOptions): Notifier | null {
    return options.runtime.settings.notifyUrl === '' ? null : new Notifier(options);
  }

  /** Sends what is due, and ends; within ten seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const last = this.#ended.then(() => this.#look()).catch(() => undefined);
    await Promise.race([last, sleep(10_000, undefined, { ref: false })]);
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
    if (performance.now() < this.#notBefore) return;
    const { client } = this.#checkpoints;
    await withLock({ client, key: `${this.#key}:lock`, ttlMs: lockMs }, async () => {
      for (;;) {
        const due = (await this.#stored()) ?? (await this.#next());
        if (due === null || !(await this.#deliver(due))) return;
      }
    });
  }

  get #key(): string {
    return this.#checkpoints.key('notified');
  }

  async #stored(): Promise<Due | null> {
    const text = await this.#checkpoints.client.hget(this.#key, 'due');
    return text === null ? null : (JSON.parse(text) as Due);
  }

  /** @returns false when it did not arrive */
  async #deliver({ event, noted }: Due): Promise<boolean> {
    const { logger } = this.#runtime;
    const { client } = this.#checkpoints;
    try {
      if (Date.now() - Date.parse(event.at) > day) logger.warn({ event: event.id }, 'a day old, not sent any more');
      else await this.#sender.send(event);
      this.#failure = '';
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== this.#failure)
        logger.warn({ event: event.event, reason }, 'a notification did not arrive; trying again');
      this.#failure = reason;
      this.#notBefore = performance.now() + (this.#options.retryAfterMs ?? 60_000);
      return false;
    }
    await client.multi().hset(this.#key, noted).hdel(this.#key, 'due').exec();
    logger.debug({ event: event.id, host: this.#sender.host }, 'notified');
    return true;
  }

  /** The next event, stored. */
  async #next(): Promise<Due | null> {
    const due = await this.#find();
    if (due !== null) await this.#checkpoints.client.hset(this.#key, 'due', JSON.stringify(due));
    return due;
  }

  async #find(): Promise<Due | null> {
    const { client } = this.#checkpoints;
    const told = await client.hgetall(this.#key);
    if (told['ended'] === undefined) {
      // What was before the first look is old.
      const now = await this.#checkpoints.now();
      await client.hset(this.#key, { ended: `${now} `, cursor: await this.#checkpoints.changes.last() });
      return null;
    }
    const status = await readShortStatus(this.#runtime);
    return (
      (await this.#stall(status, told)) ?? (await this.#runEnd(status, told['ended'])) ?? (await this.#types(told))
    );
  }

  async #stall(status: ShortStatus, told: Readonly<Record<string, string>>): Promise<Due | null> {
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

  /** @param told the end of the last run that was told of, and its id */
  async #runEnd({ pace }: ShortStatus, told: string): Promise<Due | null> {
    const [toldEnd = '0', toldId = ''] = told.split(' ');
    const ended = (await this.#checkpoints.runs.list()).flatMap((run) => {
      const end = endOf(run);
      return end === null ? [] : [{ run, end }];
    });
    const isNew = ({ run, end }: { run: RunRecord; end: number }) =>
      end > Number(toldEnd) || (end === Number(toldEnd) && run.id > toldId);
    const [next] = ended.filter(isNew).sort((a, b) => a.end - b.end || (a.run.id < b.run.id ? -1 : 1));
    if (next === undefined) return null;
    const { run, end } = next;
    if (run.verified === undefined && pace.now - end < untilChecked && !this.#stopping.signal.aborted) return null;
    const report = await readRun(this.#checkpoints, {
      id: run.id,
      most: 10,
      kinds: ['type_changed', 'unlisted', 'error_new'],
    });
    return report && { event: runEnded(this.#account, report, end), noted: { ended: `${end} ${run.id}` } };
  }

  async #types({ cursor = fromTheStart, types = '0' }: Readonly<Record<string, string>>): Promise<Due | null> {
    const isSoon = (await this.#checkpoints.now()) - Number(types) < typesEveryMs;
    // What this process leaves untold waits for the next one.
    if (isSoon && !this.#stopping.signal.aborted) return null;
    const { client } = this.#checkpoints;
    try {
      const { changes, next } = await readChanges(this.#checkpoints, cursor, 1000);
      const types = changes.filter((change) => change.changes.includes('type_changed'));
      if (types.length > 0) {
        const now = String(await this.#checkpoints.now());
        return { event: typeChanged(this.#account, types), noted: { cursor: next, types: now } };
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
