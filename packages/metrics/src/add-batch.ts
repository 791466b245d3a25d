import { LuaScript, type RedisClient } from '@inventory/redis';
import { countKeys } from './count-keys.ts';
import type { Batch } from './work-counts.ts';

/**
 * Adds a batch, unless it is there already. Of the pauses only time is added that is not in the sum yet, because
 * every process that is refused tells of the same pause.
 */
const add = new LuaScript(`
local counts, last = KEYS[1], KEYS[2]
local number, life, batch = tonumber(ARGV[1]), ARGV[2], cjson.decode(ARGV[3])
if tonumber(redis.call('GET', last) or 0) >= number then return 0 end
for field, by in pairs(batch.increments) do redis.call('HINCRBY', counts, field, string.format('%.0f', by)) end
local counted = tonumber(redis.call('HGET', counts, 'limited_until') or 0)
for _, pause in ipairs(batch.pauses) do
  local ends = pause.from + pause.ms
  local more = ends - math.max(pause.from, counted)
  if more > 0 then
    redis.call('HINCRBY', counts, 'limited_ms', string.format('%.0f', more))
    redis.call('HSET', counts, 'limited_until', string.format('%.0f', ends))
    counted = ends
  end
end
-- last, because a script that fails takes nothing back
redis.call('SET', last, number, 'EX', life)
return 1
`);

/** How long Redis remembers which batch a process handed over last, s: longer than one is on its way. */
const memory = 86_400;

export interface NumberedBatch {
  /** Id of the process, never used twice. */
  readonly process: string;
  /** Counts from 1; a batch that is sent again keeps its number. */
  readonly number: number;
  readonly batch: Batch;
}

/** Adds a batch to the sums of the cluster, in one act; the same batch twice is added once. */
export async function addBatch(
  client: RedisClient,
  prefix: string,
  { process, number, batch }: NumberedBatch,
): Promise<void> {
  const { counts, batchOf } = countKeys(prefix);
  await add.run(client, [counts, batchOf(process)], [number, memory, JSON.stringify(batch)]);
}
