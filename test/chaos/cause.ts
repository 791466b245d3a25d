import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '@inventory/sandbox';
import { patiently, type Run, type RunEvent, requestsInFlight, resultsRequests, workIsDone } from './run.ts';
import { describeTrouble, type Trouble, type TroubleKind } from './troubles.ts';
import { timeOfRedis } from './watch.ts';
import { loseTail } from './world.ts';

/** @param event says what is known beforehand; the cause completes it */
type Cause<Kind extends TroubleKind> = (trouble: Trouble<Kind>, run: Run, event: RunEvent) => Promise<void> | void;

/** Less than that after the first, a second Ctrl-C counts as the same one. */
const secondSignalAfterMs = 600;
/** So many tests have to be left for a streak that is found out, with a margin for those in flight. */
const fewestLeft = 40;
/** Controls that are asked, and answered, on the way out of a time of 404s for all tests. */
const mostControls = 3;

const causes: { readonly [Kind in TroubleKind]: Cause<Kind> } = {
  async signal({ role, which, signal, twice }, { plan, world: { processes } }, event) {
    const alive = processes.alive(role);
    const process = alive[which % Math.max(1, alive.length)];
    event.what += ` → ${process?.name ?? 'no such process'}`;
    if (process === undefined) return;
    if (signal === 'SIGKILL' || twice) event.kind = 'kill';
    if (event.kind === 'kill' && (role === 'start' || role === 'worker')) {
      event.mayRepeat = Number(plan.settings.WORKER_SLOTS);
    }
    process.signal(signal);
    if (!twice) return;
    await sleep(secondSignalAfterMs);
    process.signal(signal);
  },

  redis: killRedis,

  async aof({ cutBytes, downMs, againAfterMs }, run, event) {
    await killRedis({ downMs, cutBytes }, run, event);
    if (againAfterMs === null) return;
    await sleep(againAfterMs);
    await cause({ kind: 'redis', downMs }, run);
  },

  async 'lost-key'({ key, which }, run, event) {
    const { client, prefix } = run.world;
    const keys = (await client.keys(`${prefix}${key}`)).sort();
    const lost = keys[which % Math.max(1, keys.length)];
    event.what += ` → ${lost ?? 'nothing there'}`;
    if (lost === undefined) return;
    changeRedis(event, requestsInFlight(run));
    if (key === ':starts') await run.watch.look();
    await client.del(lost);
    if (key === ':starts') run.watch.forgetGrants();
  },

  async 'redis-clock'({ byMs }, { world }, event) {
    if (world.clock === null) event.what += ' (not without a C compiler)';
    else changeRedis(event);
    await world.clock?.set(byMs);
  },

  async cut({ line, refuseMs }, run, event) {
    event.mayRepeat = requestsInFlight(run);
    await during(refuseMs, run.world.lines[line].cut());
  },

  async proxy({ status, forMs }, run, event) {
    event.mayRepeat = requestsInFlight(run);
    await during(status === null ? 0 : forMs, run.world.proxy?.cut(status));
  },

  fault({ fault }, run) {
    addFault(run, fault);
  },

  limit({ endpoint, form, count }, run) {
    const now = Date.now() + (run.plan.clocks?.serverShiftMs ?? 0);
    const dateAt = (time: number): string => new Date(Math.ceil(time / 1000) * 1000).toUTCString();
    const retryAfter = { seconds: '1', zero: '0', date: dateAt(now), past: dateAt(now - 60_000) };
    const headers = { 'x-ratelimit-reset': '1', ...(form === 'nonsense' && { 'retry-after': 'soon' }) };
    const isUsual = form !== 'nonsense' && form !== 'missing';
    const fault: Fault = isUsual
      ? { kind: 'throttle', retryAfter: retryAfter[form] }
      : { kind: 'status', status: 429, headers };
    addFault(run, { ...fault, endpoint, count });
  },

  revoke(_, { world }) {
    world.account.sandbox.revokeTokens();
  },

  'token-down'({ status, forMs }, run) {
    addFault(run, { kind: 'status', status, endpoint: 'token', forMs });
    run.world.account.sandbox.revokeTokens();
  },

  join({ role }, { world }) {
    world.processes.join(role);
  },

  async gateway({ answer, reach, forMs }, run) {
    await during(forMs, addFault(run, { kind: 'status', ...answer, ...reach }));
  },

  async outage({ how, reach, forMs }, run, event) {
    const { client, prefix, lines } = run.world;
    // Tests that have failed before may fail for good at the next time, which the outage does not cause.
    const failedBefore = await client.hlen(`${prefix}:retries`);
    event.at = Date.now();
    event.mayRepeat = requestsInFlight(run);
    const fault: Fault = how === '503' || how === 'refuse' ? { kind: 'status', status: 503 } : { kind: how };
    const mend = how === 'refuse' ? lines.api.cut() : addFault(run, { ...fault, ...reach });
    await sleep(forMs);
    const failed = await failedTests(run, event.at);
    mend();
    // Five failures open the circuit; answers that were under way may begin the count anew; a test fails for good
    // after so many of them that they are more than its retries.
    const failures = 5 + requestsInFlight(run);
    const allowed = Math.floor(failures / (Number(run.plan.settings.STEP_RETRIES) + 1)) + failedBefore;
    if (failed.length > allowed) {
      run.problems.push(`${failed.length} tests failed, ${allowed} may: ${failed.join(', ')}`);
    }
  },

  /** A shorter time of this cannot be told from the API's own word. */
  async forgetful(_, run, event) {
    const { client, prefix, account } = run.world;
    // Not as the API has it: a proxy or a cut may keep an answer back, and the rule needs two that came.
    const areKnown = async (): Promise<boolean> => (await client.zcount(`${prefix}:controls`, '(0', '+inf')) >= 2;
    await patiently(run.world, async () => (await areKnown()) || (await workIsDone(run)));
    const asked = resultsRequests(run.world).filter(({ endpoint }) => endpoint === 'sessionResults');
    const answered = asked.filter(({ status, faultId }) => (status === 200 || status === 404) && faultId === null);
    const left = account.sandbox.library.size() - new Set(answered.map(({ testUuid }) => testUuid)).size;
    event.what += ` with ${left} tests left`;
    if (left < fewestLeft) return;
    // True 404s since the last 200 are taken back with those of the gateway.
    const statuses = asked.map(({ status }) => status);
    const trueStreak = statuses.slice(statuses.lastIndexOf(200) + 1).filter((status) => status === 404).length;
    event.mayRepeat = requestsInFlight(run) + trueStreak + mostControls;
    const body = { message: 'no Route matched with those values' };
    const mend = addFault(run, { kind: 'status', status: 404, body, endpoint: 'sessionResults' });
    const isHeld = async (): Promise<boolean> => (await client.hget(`${prefix}:circuit`, 'cause')) === 'controls';
    await patiently(run.world, async () => (await isHeld()) || (await workIsDone(run)));
    if (!(await isHeld())) run.problems.push('404 for all tests did not hold the queue');
    mend();
  },
};

/** Causes a trouble, and ends when what it broke is whole again (faults of the API go on by themselves). */
export async function cause<Kind extends TroubleKind>(trouble: Trouble<Kind>, run: Run): Promise<void> {
  const what = describeTrouble(trouble);
  const event: RunEvent = { at: Date.now(), until: Number.POSITIVE_INFINITY, what, kind: 'other', mayRepeat: 0 };
  run.events.push(event);
  await causes[trouble.kind](trouble, run, event);
  event.until = Math.min(event.until, Date.now());
}

/** Kills Redis, takes the end of its file, and starts it again, unless it is dead already. */
async function killRedis(
  { downMs, cutBytes = 0 }: { readonly downMs: number; readonly cutBytes?: number },
  run: Run,
  event: RunEvent,
): Promise<void> {
  const { redis } = run.world;
  if (run.events.some(({ kind, until }) => kind.startsWith('redis') && until > Date.now())) return;
  await Promise.race([run.watch.look(), sleep(200)]);
  Object.assign(event, { at: Date.now(), kind: 'redis', mayRepeat: requestsInFlight(run) });
  await redis.kill();
  if (cutBytes > 0) {
    // Each answer is one write of evidence; those that are lost are asked again.
    changeRedis(event, event.mayRepeat + (await loseTail(run.world, cutBytes)).split(':evidence\r\n').length);
  }
  await sleep(downMs);
  await redis.start();
  event.until = Date.now();
}

/** Notes that what Redis knows is not what it knew. */
function changeRedis(event: RunEvent, mayRepeat = 0): void {
  Object.assign(event, { kind: 'redis-changed', mayRepeat });
}

async function during(ms: number, mend: (() => void) | undefined): Promise<void> {
  await sleep(ms);
  mend?.();
}

/** @returns what ends it */
function addFault({ world }: Run, fault: Fault): () => void {
  const { faults } = world.account.sandbox;
  const id = faults.add(fault);
  return () => void faults.remove(id);
}

/** Tests with an error of the kind that an outage makes, recorded from a time on; not those that fail for good. */
async function failedTests({ world, plan }: Run, from: number): Promise<string[]> {
  const errors = Object.entries(await world.client.hgetall(`${world.prefix}:errors`));
  const planned = new Set(plan.permanent.map(({ testUuid }) => testUuid));
  return errors.flatMap(([uuid, json]) => {
    const { type, at } = JSON.parse(json) as { type: string; at: number };
    const isOutage = type === 'network_error' || type === 'unclassified_error';
    return isOutage && timeOfRedis(at) >= from && !planned.has(uuid) ? [uuid] : [];
  });
}
