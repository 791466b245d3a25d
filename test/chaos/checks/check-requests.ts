import type { LoggedRequest, SandboxTest } from '@inventory/sandbox';
import { neededProbes } from '../plan/needed-probes.ts';
import type { Check, Evidence } from './evidence.ts';

/** Nobody asks what need not be known, or about what is no test. */
export const checkNeeded: Check = ({ requests, stage }) => {
  const { library } = stage.world.account.sandbox;
  const needless = requests.filter(({ endpoint, testUuid }) => {
    const test = library.test(testUuid ?? '');
    return test === undefined || !neededProbes(test).some((needed) => needed === endpoint);
  });
  return needless.slice(0, 5).map(({ path }) => `needless: ${path}`);
};

/** After so many ClassicUT verdicts a test that is known is asked about, as a control. */
const streakBeforeControl = 25;

/** So many failures in a row open the circuit; a control may then be asked instead of a test that fails by itself. */
const failuresOfAnOutage = 5;

/** What was answered is asked again for the requests in flight at a kill, cut or outage only, and as a control. */
export const checkRepeats: Check = (evidence) => {
  const { stage, redis, contents } = evidence;
  const answers = new Map<string, number>();
  for (const request of evidence.requests.filter(isAnswered)) {
    const key = `${request.endpoint} ${request.testUuid}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
  }
  // Each run looks once more at the tests without sessions.
  const runs = Object.keys(contents[`${stage.world.prefix}:runs`] ?? {}).length;
  const repeats = [...answers].map(([key, count]) => {
    const test = testOf(evidence, key);
    const once = test !== undefined && test.kind !== 'classic' && test.sessions === 0 ? Math.max(1, runs) : 1;
    return { key, times: Math.max(0, count - once) };
  });
  const repeated = repeats.reduce((sum, { times }) => sum + times, 0);
  const absent = evidence.requests.filter(({ endpoint, status }) => endpoint === 'sessionResults' && status === 404);
  const controls = Math.floor(absent.length / streakBeforeControl) + endedOutages(evidence.requests);
  const allowed = stage.deeds.reduce((sum, { mayRepeat }) => sum + mayRepeat, 0) + redis.lost + controls;
  if (repeated <= allowed) return [];
  const which = repeats.filter(({ times }) => times > 0).map(({ key, times }) => `${key} (${times})`);
  return [`${repeated} answered requests were repeated, ${allowed} may be: ${which.join(', ')}`];
};

/** With every test decided, another run asks for nothing but the tests without sessions, once each. */
export const checkSecondRun: Check = ({ stage, ending, requests }) => {
  const last = ending.lastStarts.at(-1);
  if (ending.lastStarts.length !== 1 || last === undefined || !last.allDecidedBefore) return [];
  const { library } = stage.world.account.sandbox;
  const asked = requests.slice(last.requestsBefore).map(({ testUuid }) => testUuid ?? '');
  const decided = asked.filter((uuid) => library.test(uuid)?.sessions !== 0 || library.test(uuid)?.kind === 'classic');
  const twice = asked.filter((uuid, index) => asked.indexOf(uuid) !== index);
  return [
    ...decided.map((uuid) => `asked again about ${uuid}, which was decided`),
    ...twice.map((uuid) => `asked twice about ${uuid}, which has no sessions, in a run without faults`),
  ].slice(0, 5);
};

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

function testOf({ stage }: Evidence, key: string): SandboxTest | undefined {
  return stage.world.account.sandbox.library.test(key.split(' ')[1] ?? '');
}
