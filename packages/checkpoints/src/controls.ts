import { scanHash } from './inventory.ts';
import { CheckpointPart } from './keys.ts';
import { Script } from './script.ts';

const script = new Script('controls');

/** Which control to ask; `asked`: another process does it now, `none`: there is none. */
export type ControlQuestion =
  /** `spelling`: the UUID as the listing spells it, where that is another one. */
  | { readonly kind: 'ask'; readonly uuid: string; readonly spelling?: string }
  | { readonly kind: 'asked' }
  | { readonly kind: 'none' };

/** What follows from a control that did not answer 200. */
export interface ControlResult {
  /**
   * `another`: one test may have been deleted, the next control is asked. `hold`: two tests that answered 200 once are
   * unknown; the streak's verdicts were withdrawn and no test may be probed. `held`: nothing new. `doubt`: nothing
   * confirms the streak's verdicts; they are marked.
   */
  readonly kind: 'another' | 'hold' | 'held' | 'doubt';
  /** When the API knew the last of the controls that answered 404, epoch ms of Redis' clock; 0 = never. */
  readonly knownAt: number;
  /** For `hold` the tests that are open again, for `doubt` those that are marked. */
  readonly uuids: readonly string[];
}

/** A control that was asked in the place of a test. */
export interface AskedControl {
  readonly uuid: string;
  /** The open test whose request it replaced. */
  readonly asker: string;
}

/**
 * Why a control is asked: for a `streak` of ClassicUT verdicts, for the end of a `hold`, or because in an `outage` all
 * open tests have failed.
 */
export type ControlReason = 'streak' | 'hold' | 'outage';

/** A question to a control that is about to be asked. */
export interface NextControl {
  /** The open test whose request it replaces. */
  readonly asker: string;
  readonly why: ControlReason;
  /** How long no other process asks, unless the answer comes sooner, ms. */
  readonly leaseMs: number;
}

/**
 * Control questions: whether the Results API still knows tests that it should know, asked when it answers 404 to many
 * tests in a row (docs/decisions/0009-only-the-apis-word.md).
 */
export class Controls extends CheckpointPart {
  /**
   * The control to ask next: for a streak the one that answered 200 last, else one that is only declared or imported;
   * otherwise each in turn.
   */
  async next({ asker, why, leaseMs }: NextControl): Promise<ControlQuestion> {
    const answer = await script.run(this.keyspace, 'next', { asker, why, leaseMs });
    const [kind, uuid = '', spelling = uuid] = answer as [ControlQuestion['kind'], string?, string?];
    return kind === 'ask' ? { kind, uuid, ...(spelling !== uuid && { spelling }) } : { kind };
  }

  /** Gives the question up, unasked, for another process to ask. */
  async leave(): Promise<void> {
    await this.client.hdel(this.keys.question, 'by', 'at');
  }

  /**
   * Notes that a control answered 200: the API knew tests when it was asked, so the answers until then count; but where
   * this test is one of those that were answered 404, none of them does, and their tests are open again.
   * @param askedAt when the request was permitted, epoch ms of Redis' clock; now without it
   */
  async known({ uuid, asker }: AskedControl, askedAt = Number.MAX_SAFE_INTEGER): Promise<void> {
    await script.run(this.keyspace, 'known', { uuid, asker, askedAt });
  }

  /** Notes that a control answered 404, which ends its being one. */
  unknown(control: AskedControl): Promise<ControlResult> {
    return this.#conclude('unknown', control);
  }

  /** Notes that a control cannot be asked in this round: it gives no answer, or is refused. */
  unusable(control: AskedControl): Promise<ControlResult> {
    return this.#conclude('unusable', control);
  }

  async #conclude(command: 'unknown' | 'unusable', { uuid, asker }: AskedControl): Promise<ControlResult> {
    const answer = await script.run(this.keyspace, command, { uuid, asker });
    const [kind, knownAt, uuids = []] = answer as [ControlResult['kind'], string, string[]?];
    return { kind, knownAt: Number(knownAt), uuids };
  }

  /** Notes that a control gave no answer. @returns how often in this round */
  async failed(uuid: string): Promise<number> {
    return Number(await script.run(this.keyspace, 'failed', { uuid }));
  }

  /** Finds controls where none is known (by an older version, or lost): tests whose evidence says that they answered 200. */
  async seed(): Promise<void> {
    const { controls, evidence } = this.keys;
    if ((await this.client.zcount(controls, '(0', '+inf')) > 0) return;
    for await (const portion of scanHash(this.client, evidence)) {
      const present = portion.filter(([, text]) => /"sessions":\{[^}]*"outcome":"present"/.test(text));
      const uuids = present.slice(0, 2).map(([uuid]) => uuid);
      if (uuids.length > 0) return void (await script.run(this.keyspace, 'seed', { uuids }));
    }
  }
}
