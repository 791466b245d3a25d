import type { Role } from '../plan/plan.ts';
import { type Actor, nameOf } from '../world/actor.ts';
import type { Check } from './evidence.ts';

/** 2 would be a wrong setting; a worker or an exporter has no end of its own. */
const codes: Readonly<Record<Role, { readonly alone: readonly number[]; readonly told: readonly number[] }>> = {
  start: { alone: [0, 1, 3], told: [0, 1, 3, 130] },
  producer: { alone: [0, 1, 3], told: [0, 1, 3, 130] },
  worker: { alone: [], told: [0] },
  exporter: { alone: [], told: [0] },
};

/** Processes end when they should, with the code they should, and never with a stack trace or a fault of their own. */
export const checkProcesses: Check = async ({ stage, ending }) => {
  const found = ending.overdue.map((what) => `not over in time: ${what}`);
  for (const actor of stage.world.troupe.actors) found.push(...(await endOf(actor)));
  return found;
};

async function endOf(actor: Actor): Promise<string[]> {
  const { role, signals, program } = actor;
  const { stdout, stderr, code } = await program.ended;
  const found: string[] = [];
  const signal = program.child.signalCode;
  const { alone, told } = codes[role];
  const isTwice = signals.length > 1;
  if (code === null && (signal === null || !signals.includes(signal))) found.push(`was ended by ${signal}`);
  if (code !== null && !(signals.length > 0 ? [...told, ...(isTwice ? [130] : [])] : alone).includes(code)) {
    found.push(`ended with ${code} after ${signals.join(', ') || 'no signal'}`);
  }
  const trace = /^.*\n\s+at .*$/m.exec(stdout + stderr) ?? /^.*(Unhandled|node:internal).*$/m.exec(stdout + stderr);
  if (trace) found.push(`crashed: ${trace[0]}`);
  const ownFault = /^.*a fault of our own.*$/m.exec(stderr);
  if (ownFault) found.push(`has a fault of its own: ${ownFault[0]}`);
  return found.map((what) => `${nameOf(actor)} ${what}`);
}
