import type { Deed } from '../play/stage.ts';
import type { Check, Evidence } from './evidence.ts';

/** Redis counts whole milliseconds. */
const grainMs = 2;
/** The clocks of the server and of Redis may differ by this much. */
const clockMs = 20;

/** No two starts were granted closer than the interval, less the documented tolerance; once not across a death of Redis. */
export const checkGrants: Check = (evidence) => {
  const interval = intervalOf(evidence);
  const least = interval - Math.max(5, interval * 0.005) - grainMs;
  const { grants } = evidence.redis;
  const deaths = redisDeaths(evidence);
  return grants.slice(1).flatMap((at, index) => {
    const before = grants[index] ?? at;
    if (at - before >= least) return [];
    const excuse = deaths.findIndex((death) => before <= death.until + interval && at >= death.at);
    if (excuse >= 0) deaths.splice(excuse, 1);
    return excuse >= 0 ? [] : [`${(at - before).toFixed(1)} ms between two grants at ${before} and ${at}`];
  });
};

/** No start was granted while a pause stood in Redis, and nothing took it away. */
export const checkPauses: Check = ({ stage, redis: { grants, pauses } }) => {
  const upsets = stage.deeds.filter(({ kind }) => kind === 'upset');
  const broken = grants.flatMap((at) => {
    const pause = pauses.find(
      ({ seenAt, until }) =>
        seenAt < at && at < until - grainMs && !upsets.some((upset) => seenAt <= (upset.until ?? at) && upset.at <= at),
    );
    return pause ? [`granted at ${at}, in a pause until ${pause.until} seen at ${pause.seenAt}`] : [];
  });
  return broken.slice(0, 5);
};

/** No request without a grant: at any time no more have arrived than were granted. With exact grants this is the pace. */
export const checkArrivals: Check = (evidence) => {
  const { redis, requests, stage } = evidence;
  const offset = evidence.clockOffsetMs;
  const unseen = stage.deeds.filter(isOfRedis).reduce((sum, { mayRepeat }) => sum + mayRepeat, 0);
  let granted = 0;
  const over = requests.findIndex(({ at }, index) => {
    while ((redis.grants[granted] ?? Number.POSITIVE_INFINITY) <= at + offset + clockMs) granted += 1;
    return index + 1 > granted + unseen;
  });
  const first = requests[over];
  return first === undefined ? [] : [`request ${over + 1} (${first.path}) arrived after ${granted} grants only`];
};

function intervalOf({ stage }: Evidence): number {
  return Number(stage.plan.settings.REQUEST_INTERVAL_MS);
}

function redisDeaths({ stage }: Evidence): { at: number; until: number }[] {
  return stage.deeds.filter(isOfRedis).map(({ at, until }) => ({ at, until: until ?? Number.POSITIVE_INFINITY }));
}

function isOfRedis({ kind }: Deed): boolean {
  return kind === 'redis' || kind === 'upset';
}
