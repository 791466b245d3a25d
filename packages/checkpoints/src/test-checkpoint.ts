import type { Answer, Evidence, ProbeName, RuleSetName } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { z } from 'zod';
import { CheckpointScript } from './checkpoint-script.ts';
import { keysOf } from './keys.ts';
import type { Failure, NewVerdict } from './outcome.ts';
import { keptOutcomes } from './outcome-feed.ts';
import { evidenceRecord } from './records.ts';
import { rulesOf } from './rules-in-force.ts';

const look = new CheckpointScript(`
local uuid = ARGV[1]
local known = load(evidence, uuid)
if known and stale(uuid, known, clock()) then redis.call('HDEL', evidence, uuid) end
return {
  redis.call('HEXISTS', open, uuid),
  redis.call('HGET', evidence, uuid),
  rulesInForce(),
  redis.call('HGET', retries, uuid),
  redis.call('HLEN', open),
  redis.call('HLEN', streak),
  heldFor() or '',
}
`);

const noteAnswer = new CheckpointScript(`
local uuid, probe, answer, verdict, by = ARGV[1], ARGV[2], cjson.decode(ARGV[3]), ARGV[4], ARGV[5]
local basis, sessionsAt = tonumber(ARGV[6]), tonumber(ARGV[7])
if redis.call('HEXISTS', open, uuid) == 0 then return 0 end
local isAbsent = answer.outcome == 'absent'
if isAbsent and not absenceCounts(tonumber(ARGV[8])) then return 0 end
local known = load(evidence, uuid) or {}
-- dropped since the question: the answer may be about a session that is not the first any more
if sessionsAt > 0 and (not known.sessions or known.sessions.at ~= sessionsAt) then return 0 end
local first = known[probe]
if first and (first.outcome ~= answer.outcome or first.sessionId ~= answer.sessionId) then return 0 end
if not first then
  answer.at = clock()
  known[probe] = answer
  save(evidence, uuid, known)
  if probe == 'sessions' and not isAbsent then heardOf(uuid, tonumber(ARGV[8])) end
  if probe ~= 'sessions' and isAbsent then noteAbsence(uuid) end
end
redis.call('HDEL', retries, uuid)
if verdict ~= '' then
  if not inForce(by) then return 0 end
  -- the verdict's other answers are gone
  local answers = 0
  for name in pairs(known) do answers = answers + (name ~= 'again' and 1 or 0) end
  if answers < basis then return 0 end
  conclude(uuid, cjson.decode(verdict))
end
return 1
`);

const decideTest = new CheckpointScript(`
if redis.call('HEXISTS', open, ARGV[1]) == 0 or not inForce(ARGV[3]) then return 0 end
conclude(ARGV[1], cjson.decode(ARGV[2]))
return 1
`);

const fail = new CheckpointScript(`
if not settle(ARGV[1], 'error') then return 0 end
if audit(ARGV[1], { error = ARGV[3] }) then return 1 end
local text = stamped(ARGV[2])
redis.call('HSET', errors, ARGV[1], text)
redis.call('XADD', failed, 'MAXLEN', '~', ${keptOutcomes}, '*', 'test', ARGV[1], 'error', text)
move(revision)
return 1
`);

const noteTries = new CheckpointScript(`
if redis.call('HEXISTS', open, ARGV[1]) == 0 then return 0 end
redis.call('HSET', retries, ARGV[1], ARGV[2])
return 1
`);

type Looked = [
  open: number,
  evidence: string | null,
  rules: string | null,
  retry: string | null,
  openTests: number,
  streak: number,
  heldFor: string,
];

/** How a probe came to be asked. */
export interface Asked {
  /** The rules behind the verdict; when others are in force by now, only the answer is noted. `tutorial` without it. */
  readonly by?: RuleSetName;
  /**
   * What was known when the question was asked, and is behind the verdict too; where it was dropped meanwhile nothing is
   * noted, where a part of it is gone only the answer.
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

/** Where one test stands: what is known of it, and how often its current step has failed. */
export interface TestState {
  /** False when the test has its outcome, or was forgotten: nothing is to be asked. */
  readonly open: boolean;
  readonly evidence: Evidence;
  /** The set of rules that tells the next question, or the verdict. */
  readonly rules: RuleSetName;
  /** Failed tries of a step, by its name. */
  triesOf(step: string): Tries;
  /** Whether its data that were absent right after a session's end are asked for once more: then they count. */
  readonly askedAgain: boolean;
  /** How many tests wait for an outcome, this one included. */
  readonly openTests: number;
  /** While the queue is held because the API does not know its tests: when it last knew them, epoch ms; else null. */
  readonly heldFor: number | null;
  /** How many ClassicUT verdicts by probe there were since sessionResults last answered 200. */
  readonly streak: number;
}

/** What a worker reads and writes of one test. Everything is here before the next request goes out. */
export class TestCheckpoint {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Where the test stands; one round trip. Answers from before {@link evidenceLife} are dropped, as in a new run. */
  async load(uuid: string): Promise<TestState> {
    const answer = await look.run(this.#client, this.#prefix, [uuid]);
    const [open, text, rules, retry, openTests, streak, heldFor] = answer as Looked;
    const { again, ...evidence } = evidenceRecord.parse(text === null ? {} : JSON.parse(text));
    return {
      open: open === 1,
      evidence: evidence as Evidence,
      rules: rulesOf(rules),
      triesOf: triesIn(retry),
      askedAgain: again !== undefined,
      openTests,
      heldFor: heldFor === '' ? null : Number(heldFor),
      streak,
    };
  }

  /** How often a step of the test has failed, by its name; readable also where the evidence is not. */
  async tries(uuid: string): Promise<TestState['triesOf']> {
    return triesIn(await this.#client.hget(keysOf(this.#prefix).retries, uuid));
  }

  /**
   * Notes what a probe answered and, where that decides, the verdict, in one act. The first answer to a probe
   * stays, so the same call twice changes nothing.
   * @returns false when that was not the end of the step: the test has its outcome, another answer came first,
   * other rules were chosen, the test was forgotten meanwhile, or it was a 404 of an API that did not know its tests
   */
  async noteAnswer(
    uuid: string,
    probe: ProbeName,
    answer: Omit<Answer, 'at'>,
    verdict: NewVerdict | null,
    { by = 'tutorial', basis = {}, askedAt = Number.MAX_SAFE_INTEGER }: Asked = {},
  ): Promise<boolean> {
    const decided = verdict === null ? '' : JSON.stringify(verdict);
    const answers = new Set([...Object.keys(basis), probe]).size;
    const args = [uuid, probe, JSON.stringify(answer), decided, by, answers, basis.sessions?.at ?? 0, askedAt];
    return (await noteAnswer.run(this.#client, this.#prefix, args)) === 1;
  }

  /**
   * Records a verdict that needs no further answer.
   * @param by the rules behind it
   * @returns false when it does not count: the test has its outcome, or other rules are in force by now
   */
  async decide(uuid: string, verdict: NewVerdict, by: RuleSetName = 'tutorial'): Promise<boolean> {
    return (await decideTest.run(this.#client, this.#prefix, [uuid, JSON.stringify(verdict), by])) === 1;
  }

  /** Notes how often a step has failed; an answer, an outcome or a new selection ends the count. */
  async noteTries(uuid: string, step: string, { tries, foreign = 0 }: Partial<Tries>): Promise<void> {
    await noteTries.run(this.#client, this.#prefix, [uuid, JSON.stringify({ step, tries: tries ?? 0, foreign })]);
  }

  /** Records that the test ended in an error; it is selected again in the next run, or noted for its audit. */
  async fail(uuid: string, failure: Failure): Promise<void> {
    await fail.run(this.#client, this.#prefix, [uuid, JSON.stringify(failure), failure.type]);
  }
}

function triesIn(text: string | null): TestState['triesOf'] {
  const retry = text === null ? null : retryRecord.parse(JSON.parse(text));
  return (step) =>
    retry?.step === step ? { tries: retry.tries, foreign: retry.foreign ?? 0 } : { tries: 0, foreign: 0 };
}
