import type { LoggedRequest, SandboxTest } from '@inventory/sandbox';
import { neededProbes } from '../support/needed-probes.ts';
import type { Checks, Evidence } from './evidence.ts';
import type { RunEvent } from './run.ts';

/** Redis counts whole milliseconds. */
const grainMs = 2;
/** The clocks of the server and of Redis may differ by this much. */
const clockMs = 20;
/** After so many ClassicUT verdicts a test that is known is asked about, as a control. */
const streakBeforeControl = 25;
/** So many failures in a row open the circuit; a control may then be asked instead of a test that fails by itself. */
const failuresOfAnOutage = 5;

export const checksOfRequests: Checks = {
  /** Less the documented tolerance; once not across a death of Redis. */
  'no two starts granted closer than the interval'({ run, redis: { grants } }) {
    const interval = Number(run.plan.settings.REQUEST_INTERVAL_MS);
    const least = interval - Math.max(5, interval * 0.005) - grainMs;
    const deaths = run.events.filter(isOfRedis);
    return grants.slice(1).flatMap((at, index) => {
      const before = grants[index] ?? at;
      if (at - before >= least) return [];
      const excuse = deaths.findIndex((death) => before <= death.until + interval && at >= death.at);
      if (excuse >= 0) deaths.splice(excuse, 1);
      return excuse >= 0 ? [] : [`${(at - before).toFixed(1)} ms between two grants at ${before} and ${at}`];
    });
  },

  /** As long as nothing took the pause away. */
  'no start granted while a pause stood in Redis'({ run, redis: { grants, pauses } }) {
    const changes = run.events.filter(({ kind }) => kind === 'redis-changed');
    return grants.flatMap((at) => {
      const pause = pauses.find(
        ({ seenAt, until }) =>
          seenAt < at && at < until - grainMs && !changes.some((change) => seenAt <= change.until && change.at <= at),
      );
      return pause ? [`granted at ${at}, in a pause until ${pause.until} seen at ${pause.seenAt}`] : [];
    });
  },

  /** At any time no more have arrived than were granted. With exact grants this is the pace. */
  'no request without a grant'({ redis, requests, run, clockOffsetMs }) {
    const unseen = run.events.filter(isOfRedis).reduce((sum, { mayRepeat }) => sum + mayRepeat, 0);
    let granted = 0;
    const over = requests.findIndex(({ at }, index) => {
      while ((redis.grants[granted] ?? Number.POSITIVE_INFINITY) <= at + clockOffsetMs + clockMs) granted += 1;
      return index + 1 > granted + unseen;
    });
    const first = requests[over];
    return first === undefined ? [] : [`request ${over + 1} (${first.path}) arrived after ${granted} grants only`];
  },

  'no request for what need not be known, or about what is no test'(evidence) {
    const needless = evidence.requests.filter(({ endpoint, testUuid }) => {
      const test = testOf(evidence, testUuid);
      return test === undefined || !neededProbes(test).some((needed) => needed === endpoint);
    });
    return needless.map(({ path }) => path);
  },

  /** Those in flight at a kill, cut or outage, and controls. */
  'repeats only of requests in flight'(evidence) {
    const { run, redis, contents, requests } = evidence;
    const answers = new Map<string, number>();
    for (const { endpoint, testUuid } of requests.filter(isAnswered)) {
      const key = `${endpoint} ${testUuid}`;
      answers.set(key, (answers.get(key) ?? 0) + 1);
    }
    // Each run looks once more at the tests without sessions.
    const runs = Object.keys(contents[`${run.world.prefix}:runs`] ?? {}).length;
    const repeats = [...answers].map(([key, count]) => {
      const once = isSessionless(testOf(evidence, key.split(' ')[1])) ? Math.max(1, runs) : 1;
      return { key, times: Math.max(0, count - once) };
    });
    const repeated = repeats.reduce((sum, { times }) => sum + times, 0);
    const absent = requests.filter(({ endpoint, status }) => endpoint === 'sessionResults' && status === 404);
    const controls = Math.floor(absent.length / streakBeforeControl) + endedOutages(requests);
    const allowed = run.events.reduce((sum, { mayRepeat }) => sum + mayRepeat, 0) + redis.lost + controls;
    if (repeated <= allowed) return [];
    const which = repeats.filter(({ times }) => times > 0).map(({ key, times }) => `${key} (${times})`);
    return [`${repeated} answered requests were repeated, ${allowed} may be: ${which.join(', ')}`];
  },

  /** With every test decided, it asks for nothing but the tests without sessions, once each. */
  'a second run asks nothing again'(evidence) {
    const [last, ...others] = [...evidence.ending.broken, ...evidence.ending.repaired];
    if (others.length > 0 || !last?.allDecidedBefore) return [];
    const asked = evidence.requests.slice(last.requestsBefore).map(({ testUuid }) => testUuid ?? '');
    const decided = asked.filter((uuid) => !isSessionless(testOf(evidence, uuid)));
    const twice = asked.filter((uuid, index) => asked.indexOf(uuid) !== index);
    return [
      ...decided.map((uuid) => `asked again about ${uuid}, which was decided`),
      ...twice.map((uuid) => `asked twice about ${uuid}, which has no sessions, in a run without faults`),
    ];
  },
};

/** Whether it is a test with the answer "no sessions", which each run asks for again. */
export function isSessionless(test: SandboxTest | undefined): boolean {
  return test !== undefined && test.kind !== 'classic' && test.sessions === 0;
}

function testOf({ run }: Evidence, uuid: string | null | undefined): SandboxTest | undefined {
  return run.world.account.sandbox.library.test(uuid ?? '');
}

/** How often an answer ended a row of failures that is long enough to open the circuit. */
function endedOutages(requests: readonly LoggedRequest[]): number {
  let ended = 0;
  let failures = 0;
  for (const request of requests) {
    if (isAnswered(request) && failures >= failuresOfAnOutage) ended += 1;
    failures = isAnswered(request) ? 0 : failures + 1;
  }
  return ended;
}

/** Whether the server gave its true answer, as far as it knows. */
function isAnswered({ status, faultId }: LoggedRequest): boolean {
  return faultId === null && (status === 200 || status === 404);
}

function isOfRedis({ kind }: RunEvent): boolean {
  return kind === 'redis' || kind === 'redis-changed';
}
