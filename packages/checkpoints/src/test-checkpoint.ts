import type { Answer, Evidence, ProbeName, RuleSetName, Verdict } from '@inventory/classification';
import { z } from 'zod';
import { CheckpointPart } from './keys.ts';
import {
  answersOf,
  type Failure,
  failureText,
  type KnownAnswers,
  type NewVerdict,
  parsed,
  rulesOf,
  verdictRecord,
} from './records.ts';
import { Script } from './script.ts';

const script = new Script('test');

type Loaded = [
  open: number,
  evidence: string | null,
  rules: string | null,
  retry: string | null,
  openTests: number,
  streak: number,
  heldFor: string,
  spelling: string,
  verdict: string | null,
];

/** An answer to a probe, and what was known when it was sent. */
export interface NotedAnswer {
  readonly probe: ProbeName;
  readonly answer: Omit<Answer, 'at'>;
  /** The verdict, where this answer decides. */
  readonly verdict?: NewVerdict | null;
  /** The rules behind the verdict; when others are in force by now, only the answer is noted. `tutorial` without it. */
  readonly rules?: RuleSetName;
  /**
   * What was known when the probe was sent, and is behind the verdict too; if it was dropped since then nothing is
   * noted, if a part of it was dropped only the answer.
   */
  readonly basis?: Evidence;
  /** When the request was permitted, epoch ms of Redis' clock; now without it. */
  readonly askedAt?: number;
}

const retryRecord = z.object({ step: z.string(), tries: z.number(), foreign: z.number().optional() });

/** How often a step has failed, and how often something that is not the API has answered it. */
export interface Tries {
  readonly tries: number;
  readonly foreign: number;
}

/** The state of one test: what is known of it, and how often its current step has failed. */
export interface TestState extends KnownAnswers {
  /** False when the test has its outcome, or was forgotten: no probe is to be sent. */
  readonly open: boolean;
  /** The UUID as the listing spells it, for requests. */
  readonly spelling: string;
  /** The rules that give the next probe, or the verdict. */
  readonly rules: RuleSetName;
  /** The verdict that it has already; null without one, and for one that only another version can read. */
  readonly before: Verdict | null;
  /** Failed tries of a step, by its name. */
  triesOf(step: string): Tries;
  /** How many tests wait for an outcome, this one included. */
  readonly openTests: number;
  /** While the queue is held because the API does not know its tests: when it last knew them, epoch ms; else null. */
  readonly heldFor: number | null;
  /** How many ClassicUT verdicts by probe there were since sessionResults last answered 200. */
  readonly streak: number;
}

/** What a worker reads and writes of one test. Everything is stored before the next request is sent. */
export class TestCheckpoint extends CheckpointPart {
  /** The state of the test; one round trip. Answers that are too old are dropped, as in a new run. */
  async load(uuid: string): Promise<TestState> {
    const answer = await script.run(this.keyspace, 'load', { uuid });
    const [open, evidence, rules, retry, openTests, streak, heldFor, spelling, verdict] = answer as Loaded;
    return {
      ...answersOf(evidence),
      open: open === 1,
      spelling,
      rules: rulesOf(rules),
      before: verdict === null ? null : (verdictRecord.safeParse(JSON.parse(verdict)).data ?? null),
      triesOf: triesIn(retry),
      openTests,
      heldFor: heldFor === '' ? null : Number(heldFor),
      streak,
    };
  }

  /** How often a step of the test has failed, by its name; readable also where the evidence is not. */
  async tries(uuid: string): Promise<TestState['triesOf']> {
    return triesIn(await this.client.hget(this.keys.retries, uuid));
  }

  /**
   * Notes what a probe answered and, where that decides, the verdict, in one act. The first answer to a probe
   * stays, so the same call twice changes nothing.
   * @returns false when that was not the end of the step: the test has its outcome, another answer came first,
   * other rules were chosen, the test was forgotten since, or it was a 404 of an API that did not know its tests
   */
  async noteAnswer(uuid: string, noted: NotedAnswer): Promise<boolean> {
    const { probe, answer, verdict, rules = 'tutorial', basis = {}, askedAt = Number.MAX_SAFE_INTEGER } = noted;
    const done = await script.run(this.keyspace, 'noteAnswer', {
      uuid,
      probe,
      answer,
      ...(verdict && { verdict }),
      rules,
      answers: new Set([...Object.keys(basis), probe]).size,
      sessionsAt: basis.sessions?.at ?? 0,
      askedAt,
    });
    return done === 1;
  }

  /**
   * Records a verdict that needs no further answer.
   * @param rules those behind it
   * @returns false when it does not count: the test has its outcome, or other rules are in force by now
   */
  async decide(uuid: string, verdict: NewVerdict, rules: RuleSetName = 'tutorial'): Promise<boolean> {
    return (await script.run(this.keyspace, 'decide', { uuid, verdict, rules })) === 1;
  }

  /** Notes how often a step has failed; an answer, an outcome or a new selection ends the count. */
  async noteTries(uuid: string, step: string, { tries = 0, foreign = 0 }: Partial<Tries>): Promise<void> {
    await script.run(this.keyspace, 'noteTries', { uuid, retry: JSON.stringify({ step, tries, foreign }) });
  }

  /** Records that the test ended in an error; it is selected again in the next run, or noted for its audit. */
  async fail(uuid: string, failure: Failure): Promise<void> {
    await script.run(this.keyspace, 'fail', { uuid, type: failure.type, failure: failureText(failure) });
  }
}

function triesIn(text: string | null): TestState['triesOf'] {
  const { step, tries = 0, foreign = 0 } = parsed(retryRecord, text) ?? {};
  return (asked) => (asked === step ? { tries, foreign } : { tries: 0, foreign: 0 });
}
