import type { Answer, Evidence, ProbeName, RuleSetName } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { z } from 'zod';
import { CheckpointScript } from './checkpoint-script.ts';
import { keysOf } from './keys.ts';
import type { Failure, NewVerdict } from './outcome.ts';
import { evidenceRecord } from './records.ts';
import { rulesOf } from './rules-in-force.ts';

const noteAnswer = new CheckpointScript(`
local uuid, probe, answer, verdict, by = ARGV[1], ARGV[2], cjson.decode(ARGV[3]), ARGV[4], ARGV[5]
local basis = tonumber(ARGV[6])
if redis.call('HEXISTS', open, uuid) == 0 then return 0 end
local known = load(evidence, uuid) or {}
local first = known[probe]
if first and (first.outcome ~= answer.outcome or first.sessionId ~= answer.sessionId) then return 0 end
if not first then
  answer.at = clock()
  known[probe] = answer
  save(evidence, uuid, known)
end
redis.call('HDEL', retries, uuid)
if verdict ~= '' then
  if not inForce(by) then return 0 end
  -- forgotten and listed again meanwhile: the verdict's other answers are gone
  local answers = 0
  for _ in pairs(known) do answers = answers + 1 end
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
redis.call('XADD', failed, 'MAXLEN', '~', 100000, '*', 'test', ARGV[1], 'error', text)
redis.call('INCR', revision)
return 1
`);

const noteTries = new CheckpointScript(`
if redis.call('HEXISTS', open, ARGV[1]) == 0 then return 0 end
redis.call('HSET', retries, ARGV[1], ARGV[2])
return 1
`);

const retryRecord = z.object({ step: z.string(), tries: z.number() });

/** Where one test stands: what is known of it, and how often its current step has failed. */
export interface TestState {
  /** False when the test has its outcome, or was forgotten: nothing is to be asked. */
  readonly open: boolean;
  readonly evidence: Evidence;
  /** The set of rules that tells the next question, or the verdict. */
  readonly rules: RuleSetName;
  /** Failed tries of a step, by its name. */
  triesOf(step: string): number;
}

/** What a worker reads and writes of one test. Everything is here before the next request goes out. */
export class TestCheckpoint {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Where the test stands; one round trip. */
  async load(uuid: string): Promise<TestState> {
    const keys = keysOf(this.#prefix);
    const [open, evidence, rules, triesOf] = await Promise.all([
      this.#client.hexists(keys.open, uuid),
      this.#client.hget(keys.evidence, uuid),
      this.#client.get(keys.rules),
      this.tries(uuid),
    ]);
    return {
      open: open === 1,
      evidence: evidence === null ? {} : (evidenceRecord.parse(JSON.parse(evidence)) as Evidence),
      rules: rulesOf(rules),
      triesOf,
    };
  }

  /** How often a step of the test has failed, by its name; readable also where the evidence is not. */
  async tries(uuid: string): Promise<TestState['triesOf']> {
    const text = await this.#client.hget(keysOf(this.#prefix).retries, uuid);
    const retry = text === null ? null : retryRecord.parse(JSON.parse(text));
    return (step) => (retry?.step === step ? retry.tries : 0);
  }

  /**
   * Notes what a probe answered and, where that decides, the verdict, in one act. The first answer to a probe
   * stays, so the same call twice changes nothing.
   * @param by the rules behind the verdict; when others are in force by now, only the answer is noted
   * @param basis number of answers behind the verdict; when fewer are known by now, only the answer is noted
   * @returns false when that was not the end of the step: the test has its outcome, another answer came first,
   * other rules were chosen, or the test was forgotten meanwhile
   */
  async noteAnswer(
    uuid: string,
    probe: ProbeName,
    answer: Omit<Answer, 'at'>,
    verdict: NewVerdict | null,
    by: RuleSetName = 'tutorial',
    basis = 1,
  ): Promise<boolean> {
    const args = [uuid, probe, JSON.stringify(answer), verdict === null ? '' : JSON.stringify(verdict), by, basis];
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

  /** Notes that a step has failed `tries` times; an answer, an outcome or a new selection ends the count. */
  async noteTries(uuid: string, step: string, tries: number): Promise<void> {
    await noteTries.run(this.#client, this.#prefix, [uuid, JSON.stringify({ step, tries })]);
  }

  /** Records that the test ended in an error; it is selected again in the next run, or noted for its audit. */
  async fail(uuid: string, failure: Failure): Promise<void> {
    await fail.run(this.#client, this.#prefix, [uuid, JSON.stringify(failure), failure.type]);
  }
}
