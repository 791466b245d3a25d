import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '@inventory/sandbox';
import type { Act } from '../plan/plan.ts';
import { timeOfRedis } from '../watch/time-of-redis.ts';
import { patiently } from './patience.ts';
import { type Note, requestsInFlight, resultsRequests, type Stage, workIsDone } from './stage.ts';

type Of<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

/** Breaks the tunnels of the proxy, and lets it refuse new ones for a while. */
export async function refuseTunnels({ status, forMs }: Of<'proxy'>, stage: Stage, note: Note): Promise<void> {
  const deed = note('other', requestsInFlight(stage));
  const { proxy } = stage.world;
  if (proxy) proxy.refusal = status === null ? null : `${status} No`;
  proxy?.cut();
  if (status !== null) await sleep(forMs);
  if (proxy) proxy.refusal = null;
  deed.until = Date.now();
}

const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome to our network.</body></html>';
const foreignAnswers: Readonly<Record<Of<'gateway'>['answer'], Fault>> = {
  'html-404': { kind: 'status', status: 404, body: page, headers: html },
  'text-404': { kind: 'status', status: 404, body: 'default backend - 404' },
  'empty-404': { kind: 'status', status: 404, body: '' },
  'html-200': { kind: 'status', status: 200, body: page, headers: html },
};

/** Lets something that is not the API answer for a while. */
export async function answerForApi(act: Of<'gateway'>, { world }: Stage, note: Note): Promise<void> {
  const { faults } = world.account.sandbox;
  const deed = note('other', 0);
  const id = faults.add({ ...foreignAnswers[act.answer], ...reachOf(act.endpoint) });
  await sleep(act.forMs);
  faults.remove(id);
  deed.until = Date.now();
}

/** Lets nothing of the API be reached for a while, and looks what that did to the tests. */
export async function outage({ how, endpoint, forMs }: Of<'outage'>, stage: Stage, note: Note): Promise<void> {
  const { world, plan } = stage;
  const { faults } = world.account.sandbox;
  // Tests that have failed before may fail for good at the next time, which is no fault of the outage.
  const failedBefore = await world.client.hlen(`${world.prefix}:retries`);
  const deed = note('other', requestsInFlight(stage));
  const fault: Fault = how === '503' ? { kind: 'status', status: 503 } : { kind: how === 'refuse' ? 'reset' : how };
  const id = how === 'refuse' ? null : faults.add({ ...fault, ...reachOf(endpoint) });
  if (id === null) {
    world.lines.api.cut();
    world.lines.api.refuse(true);
  }
  await sleep(forMs);
  const failed = await failedTests(stage, deed.at);
  if (id === null) world.lines.api.refuse(false);
  else faults.remove(id);
  deed.until = Date.now();
  // Five failures open the circuit; answers that were under way may begin the count anew; a test fails for good after
  // so many of them that they are more than its retries.
  const failures = 5 + requestsInFlight(stage);
  const allowed = Math.floor(failures / (Number(plan.settings.STEP_RETRIES) + 1)) + failedBefore;
  if (failed.length > allowed)
    stage.problems.push(`${failed.length} tests failed, ${allowed} may: ${failed.join(', ')}`);
}

/** Tests with an error of the kind that an outage makes, recorded from a time on; not those that fail for good. */
async function failedTests({ world, plan }: Stage, from: number): Promise<string[]> {
  const errors = Object.entries(await world.client.hgetall(`${world.prefix}:errors`));
  const planned = new Set(plan.permanent.map(({ testUuid }) => testUuid));
  return errors.flatMap(([uuid, json]) => {
    const { type, at } = JSON.parse(json) as { type: string; at: number };
    const isOutage = type === 'network_error' || type === 'unclassified_error';
    return isOutage && timeOfRedis(at) >= from && !planned.has(uuid) ? [uuid] : [];
  });
}

/** So many tests have to be left for a streak that is found out, with a margin for those in flight. */
const fewestLeft = 40;

/**
 * Once two tests are known, answers 404 in JSON for all of them, until the queue is held for it. A shorter time of this
 * cannot be told from the API's own word.
 */
export async function forget(stage: Stage, note: Note): Promise<void> {
  const { world } = stage;
  const { faults, library } = world.account.sandbox;
  const answered = (status: number): string[] => [
    ...new Set(
      asked(stage).flatMap((request) =>
        request.status === status && request.faultId === null ? [request.testUuid ?? ''] : [],
      ),
    ),
  ];
  const asked200 = (): number => answered(200).length;
  await patiently(world, async () => asked200() >= 2 || (await workIsDone(stage)));
  if (library.size() - asked200() - answered(404).length < fewestLeft) return void note('other', 0, ' (too late)');
  const deed = note('other', requestsInFlight(stage) + trueStreak(stage) + mostControls);
  const id = faults.add({
    kind: 'status',
    status: 404,
    body: { message: 'no Route matched with those values' },
    endpoint: 'sessionResults',
  });
  const cause = (): Promise<string | null> => world.client.hget(`${world.prefix}:circuit`, 'cause');
  const held = await patiently(world, async () => (await cause()) === 'controls' || (await workIsDone(stage)));
  if (!held || (await cause()) !== 'controls') stage.problems.push('404 for all tests did not hold the queue');
  faults.remove(id);
  deed.until = Date.now();
}

/** Controls that are asked, and answered, on the way out of such a time. */
const mostControls = 3;

/** How many true 404s there were since the last 200: they are taken back with those of the gateway. */
function trueStreak(stage: Stage): number {
  const statuses = asked(stage).map(({ status }) => status);
  return statuses.slice(statuses.lastIndexOf(200) + 1).filter((status) => status === 404).length;
}

function asked({ world }: Stage) {
  return resultsRequests(world).filter(({ endpoint }) => endpoint === 'sessionResults');
}

function reachOf(endpoint: 'results' | 'all'): Pick<Fault, 'endpoint'> {
  return endpoint === 'all' ? {} : { endpoint };
}
