import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const hourMs = 3_600_000;
const lookAtFilesEveryMs = 10;
const lookAtRedisEveryMs = 100;
/** The list of starts in Redis holds no more than this. */
const mostStarts = 1000;
const names = ['utz_tests.json', 'classicut_tests.json', 'errors.json'] as const;

/**
 * The true time of a time by Redis' clock, which may have been set by whole hours in between. A run takes less than
 * half of one, so it is the one that is near. @param redisMs epoch ms
 */
export function timeOfRedis(redisMs: number): number {
  return redisMs - Math.round((redisMs - Date.now()) / hourMs) * hourMs;
}

export type RedisWatch = ReturnType<typeof watchRedis>;
/** What was seen in Redis during a run, also of what a death of Redis took away. Times are epoch ms by the true clock. */
export type RedisSights = Awaited<ReturnType<RedisWatch['end']>>;

/** Collects grants and pauses of a prefix until it is ended. */
export function watchRedis(client: Redis, prefix: string) {
  const grants = new Set<string>();
  const lost = new Set<string>();
  const forgotten = new Set<string>();
  const pauses: { seenAt: number; until: number }[] = [];

  /** Looks once more, now. */
  async function look(): Promise<void> {
    const [starts, until, time] = await Promise.all([
      client.lrange(`${prefix}:starts`, 0, -1),
      client.hget(`${prefix}:pause`, 'until'),
      client.time(),
    ]);
    const now = new Set(starts);
    if (starts.length < mostStarts) {
      for (const grant of grants) if (!now.has(grant) && !forgotten.has(grant)) lost.add(grant);
    }
    for (const grant of starts) grants.add(grant);
    const seenAt = Number(time[0]) * 1000 + Number(time[1]) / 1000;
    if (Number(until ?? 0) > seenAt) pauses.push({ seenAt: timeOfRedis(seenAt), until: timeOfRedis(Number(until)) });
  }

  const stop = repeat(() => look().catch(() => undefined), lookAtRedisEveryMs);
  return {
    look,
    /** The grants so far do not count as lost from now on: they were deleted on purpose. */
    forgetGrants(): void {
      for (const grant of grants) forgotten.add(grant);
    },
    async end() {
      await stop();
      await look();
      const inOrder = [...grants].map((micros) => timeOfRedis(Number(micros) / 1000)).sort((a, b) => a - b);
      return {
        /** Starts that were granted, oldest first, with fractions. */
        grants: inOrder,
        pauses,
        /** Grants that were seen once and were gone later: writes that a death of Redis took away. */
        lost: lost.size,
      };
    },
  };
}

/**
 * Reads and parses the state files over and over until it is ended; then gives the files that did not parse and the
 * records that were gone at a later look, each once.
 */
export function watchFiles(stateDir: string): { end(): Promise<readonly string[]> } {
  const problems = new Set<string>();
  const seen = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));

  async function look(name: string): Promise<void> {
    const text = await readFile(join(stateDir, name), 'utf8').catch(() => null);
    const before = seen.get(name) ?? new Set();
    if (text === null) {
      if (before.size > 0) problems.add(`${name} is gone`);
      return;
    }
    const uuids = readUuids(text);
    if (uuids === null) return void problems.add(`${name} does not parse: ${text.slice(0, 200)}`);
    if (name === 'errors.json') return;
    for (const uuid of before) if (!uuids.has(uuid)) problems.add(`${name} has lost ${uuid}`);
    for (const uuid of uuids) before.add(uuid);
  }

  const stop = repeat(async () => {
    for (const name of names) await look(name);
  }, lookAtFilesEveryMs);
  return {
    async end() {
      await stop();
      return [...problems];
    },
  };
}

/** Does something over and over. @returns what ends that, after the last time */
function repeat(work: () => Promise<void>, everyMs: number): () => Promise<void> {
  let going = true;
  const working = (async () => {
    while (going) {
      await work();
      await sleep(everyMs);
    }
  })();
  return () => {
    going = false;
    return working;
  };
}

/** The test UUIDs of a list, none for an object; null for what is no JSON. */
function readUuids(text: string): Set<string> | null {
  try {
    const content: unknown = JSON.parse(text);
    return new Set(Array.isArray(content) ? content.map((record) => String(record?.test_uuid)) : []);
  } catch {
    return null;
  }
}
