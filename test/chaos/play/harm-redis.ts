import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from '../plan/plan.ts';
import { type Deed, type Note, requestsInFlight, type Stage } from './stage.ts';

type Of<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

/** Kills Redis and starts it again, unless it is dead already. */
export async function killRedis(act: { readonly downMs: number }, stage: Stage, note: Note): Promise<void> {
  await death({ ...act, cutBytes: 0 }, stage, note);
}

/** Kills Redis, takes the end of its file, starts it again, and perhaps does without the cut once more. */
export async function cutFile(act: Of<'aof'>, stage: Stage, note: Note): Promise<void> {
  const died = await death(act, stage, note);
  if (!died || act.againAfterMs === null) return;
  await sleep(act.againAfterMs);
  await death({ ...act, cutBytes: 0 }, stage, note);
}

async function death(
  { downMs, cutBytes }: { readonly downMs: number; readonly cutBytes: number },
  stage: Stage,
  note: Note,
): Promise<boolean> {
  const { redis } = stage.world;
  const isOn = (deed: Deed): boolean => (deed.kind === 'redis' || deed.kind === 'upset') && deed.until === null;
  if (stage.deeds.some(isOn)) return false;
  await Promise.race([stage.watch.look(), sleep(200)]);
  const deed = note(cutBytes > 0 ? 'upset' : 'redis', requestsInFlight(stage));
  await redis.kill();
  // Each answer is one write of evidence; those that are lost are asked again.
  if (cutBytes > 0) deed.mayRepeat += (await redis.loseTail(cutBytes)).split(':evidence\r\n').length;
  await sleep(downMs);
  await redis.start();
  deed.until = Date.now();
  return true;
}

/** Deletes one key of those that match. */
export async function loseKey({ key, which }: Of<'lost-key'>, stage: Stage, note: Note): Promise<void> {
  const { client, prefix } = stage.world;
  const keys = (await client.keys(`${prefix}${key}`)).sort();
  const lost = keys[which % Math.max(1, keys.length)];
  if (lost === undefined) return void note('other', 0, ' (nothing there)');
  const deed = note('upset', requestsInFlight(stage), ` → ${lost}`);
  if (key === ':starts') await stage.watch.look();
  await client.del(lost);
  if (key === ':starts') stage.watch.forgiveLost();
  deed.until = Date.now();
}

/** Sets Redis' clock. */
export async function setRedisClock({ byMs }: Of<'redis-clock'>, stage: Stage, note: Note): Promise<void> {
  const done = await stage.world.redis.setClock(byMs);
  note(done ? 'upset' : 'other', 0, done ? '' : ' (not without a C compiler)').until = Date.now();
}
