import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '@inventory/sandbox';
import { patiently, type Run, type RunEvent, requestsInFlight, resultsRequests, workIsDone } from './run.ts';
import { describeTrouble, type Trouble, type TroubleKind } from './troubles.ts';
import { timeOfRedis } from './watch.ts';

/** Writes an event down, to be completed. @param more what is known only now, behind the description of the trouble */
type Note = (kind: RunEvent['kind'], mayRepeat: number, more?: string) => RunEvent;
type Cause<Kind extends TroubleKind> = (trouble: Trouble<Kind>, run: Run, note: Note) => Promise<void> | void;

/** Less than that after the first, a second Ctrl-C counts as the same one. */
const secondSignalAfterMs = 600;
/** So many tests have to be left for a streak that is found out, with a margin for those in flight. */
const fewestLeft = 40;
/** Controls that are asked, and answered, on the way out of a time of 404s for all tests. */
const mostControls = 3;

const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome to our network.</body></html>';
const foreignAnswers: Readonly<Record<Trouble<'gateway'>['answer'], Fault>> = {
  'html-404': { kind: 'status', status: 404, body: page, headers: html },
  'text-404': { kind: 'status', status: 404, body: 'default backend - 404' },
  'empty-404': { kind: 'status', status: 404, body: '' },
  'html-200': { kind: 'status', status: 200, body: page, headers: html },
};

const causes: { readonly [Kind in TroubleKind]: Cause<Kind> } = {
  async signal({ role, which, signal, twice }, { plan, world: { processes } }, note) {
    const alive = processes.alive(role);
    const process = alive[which % Math.max(1, alive.length)];
    if (process === undefined) return void note('other', 0, ' (no such process)');
    const isHard = signal === 'SIGKILL' || twice;
    const probes = role === 'start' || role === 'worker';
    const mayRepeat = isHard && probes ? Number(plan.settings.WORKER_SLOTS) : 0;
    note(isHard ? 'kill' : 'other', mayRepeat, ` → ${process.name}`);
    process.signal(signal);
    if (!twice) return;
    await sleep(secondSignalAfterMs);
    process.signal(signal);
  },

  async redis({ downMs }, run, note) {
    await killRedis({ downMs, cutBytes: 0 }, run, note);
  },

  async aof(trouble, run, note) {
    const died = await killRedis(trouble, run, note);
    if (!died || trouble.againAfterMs === null) return;
    await sleep(trouble.againAfterMs);
    await killRedis({ ...trouble, cutBytes: 0 }, run, note);
  },

  async 'lost-key'({ key, which }, run, note) {
    const { client, prefix } = run.world;
    const keys = (await client.keys(`${prefix}${key}`)).sort();
    const lost = keys[which % Math.max(1, keys.length)];
    if (lost === undefined) return void note('other', 0, ' (nothing there)');
    note('redis-changed', requestsInFlight(run), ` → ${lost}`);
    if (key === ':starts') await run.watch.look();
    await client.del(lost);
    if (key === ':starts') run.watch.forgetGrants();
  },

  async 'redis-clock'({ byMs }, { world }, note) {
    const done = await world.redis.setClock(byMs);
    note(done ? 'redis-changed' : 'other', 0, done ? '' : ' (not without a C compiler)');
  },

  async cut({ line: name, refuseMs }, run, note) {
    const line = run.world.lines[name];
    note('other', requestsInFlight(run));
    line.cut();
    line.refuse(refuseMs > 0);
    await sleep(refuseMs);
    line.refuse(false);
  },

  async proxy({ status, forMs }, run, note) {
    const { proxy } = run.world;
    note('other', requestsInFlight(run));
    if (proxy) proxy.refusal = status === null ? null : `${status} No`;
    proxy?.cut();
    if (status !== null) await sleep(forMs);
    if (proxy) proxy.refusal = null;
  },

  fault({ fault }, { world }, note) {
    note('other', 0);
    world.account.sandbox.faults.add(fault);
  },

  limit(trouble, { plan, world }, note) {
    note('other', 0);
    world.account.sandbox.faults.add(limitFault(trouble, Date.now() + (plan.clocks?.serverShiftMs ?? 0)));
  },

  revoke(_, { world }, note) {
    note('other', 0);
    world.account.sandbox.revokeTokens();
  },

  'token-down'({ status, forMs }, { world }, note) {
    note('other', 0);
    world.account.sandbox.faults.add({ kind: 'status', status, endpoint: 'token', forMs });
    world.account.sandbox.revokeTokens();
  },

  join({ role }, { world }, note) {
    note('other', 0);
    world.processes.join(role);
  },

  async gateway({ answer, endpoint, forMs }, { world }, note) {
    const { faults } = world.account.sandbox;
    note('other', 0);
    const id = faults.add({ ...foreignAnswers[answer], ...reachOf(endpoint) });
    await sleep(forMs);
    faults.remove(id);
  },

  async outage({ how, endpoint, forMs }, run, note) {
    const { world, plan } = run;
    const { faults } = world.account.sandbox;
    // Tests that have failed before may fail for good at the next time, which the outage does not cause.
    const failedBefore = await world.client.hlen(`${world.prefix}:retries`);
    const event = note('other', requestsInFlight(run));
    let repair: () => void;
    if (how === 'refuse') {
      world.lines.api.cut();
      world.lines.api.refuse(true);
      repair = () => world.lines.api.refuse(false);
    } else {
      const fault: Fault = how === '503' ? { kind: 'status', status: 503 } : { kind: how };
      const id = faults.add({ ...fault, ...reachOf(endpoint) });
      repair = () => void faults.remove(id);
    }
    await sleep(forMs);
    const failed = await failedTests(run, event.at);
    repair();
    // Five failures open the circuit; answers that were under way may begin the count anew; a test fails for good
    // after so many of them that they are more than its retries.
    const failures = 5 + requestsInFlight(run);
    const allowed = Math.floor(failures / (Number(plan.settings.STEP_RETRIES) + 1)) + failedBefore;
    if (failed.length > allowed) {
      run.problems.push(`${failed.length} tests failed, ${allowed} may: ${failed.join(', ')}`);
    }
  },

  /** A shorter time of this cannot be told from the API's own word. */
  async forgetful(_, run, note) {
    const { client, prefix, account } = run.world;
    const { faults, library } = account.sandbox;
    const asked = () => resultsRequests(run.world).filter(({ endpoint }) => endpoint === 'sessionResults');
    const answered = (wanted: number): number =>
      new Set(
        asked().flatMap(({ status, faultId, testUuid }) => (status === wanted && faultId === null ? [testUuid] : [])),
      ).size;
    await patiently(run.world, async () => answered(200) >= 2 || (await workIsDone(run)));
    if (library.size() - answered(200) - answered(404) < fewestLeft) return void note('other', 0, ' (too late)');
    // True 404s since the last 200 are taken back with those of the gateway.
    const statuses = asked().map(({ status }) => status);
    const trueStreak = statuses.slice(statuses.lastIndexOf(200) + 1).filter((status) => status === 404).length;
    note('other', requestsInFlight(run) + trueStreak + mostControls);
    const body = { message: 'no Route matched with those values' };
    const id = faults.add({ kind: 'status', status: 404, body, endpoint: 'sessionResults' });
    const isHeld = async (): Promise<boolean> => (await client.hget(`${prefix}:circuit`, 'cause')) === 'controls';
    await patiently(run.world, async () => (await isHeld()) || (await workIsDone(run)));
    if (!(await isHeld())) run.problems.push('404 for all tests did not hold the queue');
    faults.remove(id);
  },
};

/** Causes a trouble, and ends when what it broke is whole again (faults of the API go on by themselves). */
export async function cause<Kind extends TroubleKind>(trouble: Trouble<Kind>, run: Run): Promise<void> {
  const noted: RunEvent[] = [];
  await causes[trouble.kind](trouble, run, (kind, mayRepeat, more = '') => {
    const event: RunEvent = { at: Date.now(), until: null, what: describeTrouble(trouble) + more, kind, mayRepeat };
    noted.push(event);
    run.events.push(event);
    return event;
  });
  for (const event of noted) event.until ??= Date.now();
}

/** Kills Redis, takes the end of its file, and starts it again; false when it is dead already. */
async function killRedis(
  { downMs, cutBytes }: { readonly downMs: number; readonly cutBytes: number },
  run: Run,
  note: Note,
): Promise<boolean> {
  const { redis } = run.world;
  if (run.events.some(({ kind, until }) => (kind === 'redis' || kind === 'redis-changed') && until === null)) {
    return false;
  }
  await Promise.race([run.watch.look(), sleep(200)]);
  const event = note(cutBytes > 0 ? 'redis-changed' : 'redis', requestsInFlight(run));
  await redis.kill();
  // Each answer is one write of evidence; those that are lost are asked again.
  if (cutBytes > 0) event.mayRepeat += (await redis.loseTail(cutBytes)).split(':evidence\r\n').length;
  await sleep(downMs);
  await redis.start();
  event.until = Date.now();
  return true;
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

/** The fault that answers 429 in the form of a trouble. @param now epoch ms */
function limitFault({ endpoint, form, count }: Trouble<'limit'>, now: number): Fault {
  const reach = { endpoint, count };
  const dateAt = (time: number): string => new Date(Math.ceil(time / 1000) * 1000).toUTCString();
  const retryAfter = { seconds: '1', zero: '0', date: dateAt(now), past: dateAt(now - 60_000) };
  if (form !== 'nonsense' && form !== 'missing') return { kind: 'throttle', retryAfter: retryAfter[form], ...reach };
  const headers = { 'x-ratelimit-reset': '1', ...(form === 'nonsense' && { 'retry-after': 'soon' }) };
  return { kind: 'status', status: 429, headers, ...reach };
}

function reachOf(endpoint: 'results' | 'all'): Pick<Fault, 'endpoint'> {
  return endpoint === 'all' ? {} : { endpoint };
}
