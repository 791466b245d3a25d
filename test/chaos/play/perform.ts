import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from '../plan/plan.ts';
import { describeAct } from '../report/describe-plan.ts';
import { nameOf, probes } from '../world/actor.ts';
import { answerForApi, forget, outage, refuseTunnels } from './harm-api.ts';
import { cutFile, killRedis, loseKey, setRedisClock } from './harm-redis.ts';
import { limitFault } from './limit-fault.ts';
import { type Deed, type Note, requestsInFlight, type Stage } from './stage.ts';

/** Does an act, and ends when what it broke is whole again (faults of the API go on by themselves). */
export async function perform(act: Act, stage: Stage): Promise<void> {
  const { plan, world } = stage;
  const { sandbox } = world.account;
  const note: Note = (kind, mayRepeat, more = '') => {
    const deed: Deed = { at: Date.now(), until: null, what: `${describeAct(act)}${more}`, kind, mayRepeat };
    stage.deeds.push(deed);
    return deed;
  };
  const slots = Number(plan.settings.WORKER_SLOTS);
  switch (act.kind) {
    case 'signal':
      return signal(act, stage, note, slots);
    case 'redis':
      return killRedis(act, stage, note);
    case 'aof':
      return cutFile(act, stage, note);
    case 'lost-key':
      return loseKey(act, stage, note);
    case 'redis-clock':
      return setRedisClock(act, stage, note);
    case 'proxy':
      return refuseTunnels(act, stage, note);
    case 'gateway':
      return answerForApi(act, stage, note);
    case 'outage':
      return outage(act, stage, note);
    case 'forgetful':
      return forget(stage, note);
    case 'cut': {
      const line = world.lines[act.line];
      const deed = note('other', requestsInFlight(stage));
      line.cut();
      line.refuse(act.refuseMs > 0);
      await sleep(act.refuseMs);
      line.refuse(false);
      deed.until = Date.now();
      return;
    }
    case 'fault':
      note('other', 0);
      return void sandbox.faults.add(act.fault);
    case 'limit':
      note('other', 0);
      return void sandbox.faults.add(limitFault(act, Date.now() + (plan.clocks?.serverShiftMs ?? 0)));
    case 'token-down':
      sandbox.faults.add({ kind: 'status', status: act.status, endpoint: 'token', forMs: act.forMs });
      note('other', 0);
      return sandbox.revokeTokens();
    case 'revoke':
      note('other', 0);
      return sandbox.revokeTokens();
    case 'join':
      note('other', 0);
      return world.troupe.join(act.role);
  }
}

/** Less than that after the first, a second Ctrl-C counts as the same one; ms. */
const secondSignalAfter = 600;

async function signal(
  act: Extract<Act, { kind: 'signal' }>,
  { world: { troupe } }: Stage,
  note: Note,
  slots: number,
): Promise<void> {
  const alive = troupe.alive(act.role);
  const actor = alive[act.which % Math.max(1, alive.length)];
  if (actor === undefined) return void note('other', 0, ' (nobody there)');
  const isHard = act.signal === 'SIGKILL' || act.twice;
  note(isHard ? 'kill' : 'other', isHard && probes(actor.role) ? slots : 0, ` → ${nameOf(actor)}`);
  actor.signal(act.signal);
  if (!act.twice) return;
  await sleep(secondSignalAfter);
  actor.signal(act.signal);
}
