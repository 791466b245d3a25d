import type { RedisClient } from '@inventory/redis';
import { CheckpointScript } from './checkpoint-script.ts';
import { keysOf } from './keys.ts';
import { type RunRecord, runRecord } from './records.ts';

const kept = 30;

const start = new CheckpointScript(`
local selection = ARGV[1]
local now = string.format('%.0f', clock())
local latest = redis.call('HGET', current, selection)
if not latest then
  for _, id in ipairs(redis.call('HKEYS', runs)) do
    if load(runs, id).selection == selection and (not latest or id > latest) then latest = id end
  end
  if latest then redis.call('HSET', current, selection, latest) end
end
local run = latest and load(runs, latest)
if run and not run.finishedAt and (run.open > 0 or not run.listed) then
  run.listed = false
  save(runs, latest, run)
  -- a listing that goes on from its cursor would not come by the tests that have ended in errors
  for _, key in ipairs(redis.call('HKEYS', errors)) do
    if string.sub(key, 1, 10) ~= 'workspace:' then
      redis.call('DEL', cursors)
      break
    end
  end
  return { latest, now, 1 }
end
-- runs that begin in the same millisecond have an order too
local id = now
while redis.call('HEXISTS', runs, id) == 1 do id = string.format('%.0f', tonumber(id) + 1) end
save(runs, id, {
  id = id, selection = selection, startedAt = tonumber(id), listed = false, selected = 0, open = 0, outcomes = {},
})
redis.call('HSET', current, selection, id)
local ids = redis.call('HKEYS', runs)
table.sort(ids)
for index = 1, #ids - ${kept} do
  local old = load(runs, ids[index])
  if old.open == 0 and ids[index] ~= id then
    redis.call('HDEL', runs, ids[index])
    if redis.call('HGET', current, old.selection) == ids[index] then redis.call('HDEL', current, old.selection) end
  end
end
return { id, now, 0 }
`);

const change = new CheckpointScript(`
local run = load(runs, ARGV[1])
if not run then return 0 end
run.listed = true
if ARGV[2] == 'finish' and run.open == 0 then run.finishedAt = run.finishedAt or clock() end
save(runs, ARGV[1], run)
return 1
`);

const note = new CheckpointScript(`
local run = load(runs, ARGV[1])
if not run or not run.listed or run.open > 0 or run.verified ~= nil then return 0 end
run.finishedAt = run.finishedAt or clock()
run.verified = ARGV[2] == '1'
save(runs, ARGV[1], run)
return 1
`);

/** The start of a run, or of another process that joins one. */
export interface StartedRun {
  readonly id: string;
  /** Redis time at which this process joined, epoch ms. Errors older than this are looked at again. */
  readonly joinedAt: number;
  /** True when an unfinished run of the same selection goes on. */
  readonly resumed: boolean;
}

/** The runs: each is a selection of workspaces, and counts what became of the tests it took up. */
export class Runs {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /**
   * Goes on with the unfinished run of this selection, or starts one. Where tests have ended in errors, listings that
   * were interrupted begin anew, so that these are looked at again. @param selection the chosen workspaces
   */
  async start(selection: string): Promise<StartedRun> {
    const answer = await start.run(this.#client, this.#prefix, [selection]);
    const [id, joinedAt, resumed] = answer as [string, string, number];
    return { id, joinedAt: Number(joinedAt), resumed: resumed === 1 };
  }

  /** Notes that the whole selection has been listed. */
  async markListed(id: string): Promise<void> {
    await change.run(this.#client, this.#prefix, [id, 'listed']);
  }

  /** Notes the end of a run that has no open test any more; the next start of its selection is a new run. */
  async finish(id: string): Promise<void> {
    await change.run(this.#client, this.#prefix, [id, 'finish']);
  }

  /**
   * Notes whether the state files passed their checks after the end of a run; that finishes it.
   * @returns false when the run has not ended, or it was noted before
   */
  async noteVerified(id: string, passed: boolean): Promise<boolean> {
    return (await note.run(this.#client, this.#prefix, [id, passed ? 1 : 0])) === 1;
  }

  /** The run's record, or null when it is not known (any more). */
  async read(id: string): Promise<RunRecord | null> {
    const text = await this.#client.hget(keysOf(this.#prefix).runs, id);
    return text === null ? null : runRecord.parse(JSON.parse(text));
  }

  /** All runs that are kept, the latest last. */
  async list(): Promise<RunRecord[]> {
    const texts = await this.#client.hvals(keysOf(this.#prefix).runs);
    const records = texts.map((text) => runRecord.parse(JSON.parse(text)));
    return records.sort((a, b) => a.startedAt - b.startedAt);
  }
}
