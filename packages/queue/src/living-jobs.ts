import { LuaScript, type RedisClient } from '@inventory/redis';
import type { Queue } from 'bullmq';

/**
 * When a job lives: its record names the test, and a list has it or a worker is processing it. What is left of a dead
 * job keeps its test from being enqueued: the mark of the test, and the record.
 */
const shared = `
local wait, prioritized, active, delayed, completed, failed = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local base = ARGV[1]

local function listed(id)
  return redis.call('ZSCORE', prioritized, id) or redis.call('ZSCORE', delayed, id)
    or redis.call('LPOS', active, id) or redis.call('LPOS', wait, id)
end

local function lives(id, uuid)
  if redis.call('HGET', base .. id, 'deid') ~= uuid then return false end
  return listed(id) or redis.call('EXISTS', base .. id .. ':lock') == 1
end
`;

const look = new LuaScript(`${shared}
local counter = base .. 'id'
-- a counter that was lost would give the numbers of existing jobs again
if redis.call('EXISTS', counter) == 0 and redis.call('EXISTS', unpack(KEYS)) > 0 then
  redis.call('SET', counter, redis.call('TIME')[1] .. '000')
end
local found = {}
for index = 2, #ARGV do
  local uuid = ARGV[index]
  local mark = base .. 'de:' .. uuid
  local id = redis.call('GET', mark)
  if not id then
    found[#found + 1] = uuid
    found[#found + 1] = 'unmarked'
  elseif not lives(id, uuid) then
    redis.call('DEL', mark)
    local kept = redis.call('ZSCORE', completed, id) or redis.call('ZSCORE', failed, id)
    local own = redis.call('HGET', base .. id, 'deid') == uuid
    if own and not kept then redis.call('DEL', base .. id) end
    found[#found + 1] = uuid
    found[#found + 1] = 'dead'
  end
end
return found
`);

const head = new LuaScript(`${shared}
local most = tonumber(ARGV[2])
local ids = redis.call('LRANGE', wait, -most, -1)
for _, set in ipairs({ prioritized, delayed }) do
  for _, id in ipairs(redis.call('ZRANGE', set, 0, most - 1)) do ids[#ids + 1] = id end
end
local jobs = {}
for _, id in ipairs(ids) do
  local uuid = redis.call('HGET', base .. id, 'deid')
  if uuid then
    local mark = base .. 'de:' .. uuid
    local marked = redis.call('GET', mark)
    local twice = marked and marked ~= id and lives(marked, uuid)
    if not twice and marked ~= id then redis.call('SET', mark, id) end
    jobs[#jobs + 1] = id
    jobs[#jobs + 1] = uuid
    jobs[#jobs + 1] = twice and 'twice' or 'once'
  elseif redis.call('HEXISTS', base .. id, 'data') == 0 then
    redis.call('ZREM', prioritized, id)
    redis.call('ZREM', delayed, id)
    redis.call('LREM', wait, 0, id)
    redis.call('DEL', base .. id)
  end
end
return jobs
`);

const mark = new LuaScript(`${shared}
local wanted = {}
for index = 4, #ARGV do wanted[ARGV[index]] = true end
local ids = {}
for _, set in ipairs({ prioritized, delayed }) do
  for _, id in ipairs(redis.call('ZRANGE', set, ARGV[2], ARGV[3])) do ids[#ids + 1] = id end
end
for _, list in ipairs({ wait, active }) do
  for _, id in ipairs(redis.call('LRANGE', list, ARGV[2], ARGV[3])) do ids[#ids + 1] = id end
end
local marked = {}
for _, id in ipairs(ids) do
  local uuid = redis.call('HGET', base .. id, 'deid')
  if uuid and wanted[uuid] then
    redis.call('SET', base .. 'de:' .. uuid, id, 'NX')
    marked[#marked + 1] = uuid
  end
end
return { #ids, marked }
`);

const portion = 200;

/** A job near the front of the queue, and the test that it is for. */
export interface JobInFront {
  readonly id: string;
  readonly uuid: string;
  /** True when another job lives for the same test. */
  readonly twice: boolean;
}

/** Finds which tests have a living job, whichever part of a job Redis has lost. */
export class LivingJobs {
  readonly #client: RedisClient;
  readonly #keys: readonly string[];
  readonly #base: string;

  constructor(client: RedisClient, queue: Queue) {
    const states = ['wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'];
    this.#client = client;
    this.#keys = states.map((state) => queue.toKey(state));
    this.#base = queue.toKey('');
  }

  /**
   * Which of these tests can be enqueued. Leftovers of a `dead` job are removed by this. An `unmarked` test was never
   * enqueued, has its outcome, or has lost its mark alone: then {@link restoreMarks} finds its job.
   */
  async without(uuids: readonly string[]): Promise<Record<'unmarked' | 'dead', string[]>> {
    const found = { unmarked: [] as string[], dead: [] as string[] };
    for (let from = 0; from < uuids.length; from += portion) {
      const args = [this.#base, ...uuids.slice(from, from + portion)];
      const flat = (await look.run(this.#client, this.#keys, args)) as string[];
      for (let index = 0; index < flat.length; index += 2) {
        found[flat[index + 1] === 'dead' ? 'dead' : 'unmarked'].push(flat[index] ?? '');
      }
    }
    return found;
  }

  /** The jobs at the front of the queue. Entries whose record was lost are taken out, so that they use no turn. */
  async inFront(most: number): Promise<JobInFront[]> {
    const flat = (await head.run(this.#client, this.#keys, [this.#base, most])) as string[];
    return flat.flatMap((id, index) =>
      index % 3 === 0 ? [{ id, uuid: flat[index + 1] ?? '', twice: flat[index + 2] === 'twice' }] : [],
    );
  }

  /** Looks through all jobs for those of these tests, and marks them again. @returns the tests that have none */
  async restoreMarks(uuids: readonly string[]): Promise<string[]> {
    const left = new Set(uuids);
    for (let from = 0; left.size > 0; from += portion) {
      const args = [this.#base, from, from + portion - 1, ...left];
      const [seen, marked] = (await mark.run(this.#client, this.#keys, args)) as [number, string[]];
      for (const uuid of marked) left.delete(uuid);
      if (seen === 0) break;
    }
    return [...left];
  }
}
