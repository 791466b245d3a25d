import type { Plan } from '../plan/plan.ts';
import type { LastStart } from '../play/bring-to-end.ts';
import { timeOfRedis } from '../watch/time-of-redis.ts';
import type { Check } from './evidence.ts';

/** A failure that was under way when the faults ended is recorded a little later; ms. */
const graceMs = 3_000;

/** What was wrong at a look in the middle of a run. */
export const checkOnTheWay: Check = ({ stage }) => stage.problems;

/** The last runs end with the right code, and with the right errors: the planned ones, or none after the repair. */
export const checkErrors: Check = ({ stage, ending, files }) => {
  const { lastStarts, calmAt } = ending;
  const problems = lastStarts.filter(({ phase }) => phase === 'permanent faults').slice(-1);
  const found = problems.flatMap((start) => asPlanned(stage.plan, start));
  const afterRepair = lastStarts.filter(({ phase }) => phase === 'no faults');
  const last = afterRepair.at(-1);
  if (last?.code !== 0) found.push(`the last start --all ended with ${last?.code} instead of 0`);
  const left = Object.keys(files?.errors ?? {});
  if (left.length > 0) found.push(`errors.json is not empty in the end: ${JSON.stringify(files?.errors)}`);
  for (const { code, errors } of afterRepair.slice(0, -1)) {
    const late = Object.values(errors).filter(
      (error) => timeOfRedis(Number('at' in error ? error.at : 0)) > calmAt + graceMs,
    );
    if (late.length > 0) found.push(`errors without a fault: ${JSON.stringify(late)}`);
    if (Object.keys(errors).length === 0) found.push(`start --all ended with ${code} and recorded nothing`);
  }
  return found;
};

function asPlanned({ permanent }: Plan, { code, errors }: LastStart): string[] {
  const found = Object.entries(errors).map(([uuid, { type, status }]) => `${uuid} ${type} ${status}`);
  const planned = permanent.map(({ testUuid, expected }) => `${testUuid} ${expected.type} ${expected.status}`);
  return [
    ...(code === 1 ? [] : [`start --all ended with ${code} instead of 1 with permanent faults`]),
    ...planned.filter((line) => !found.includes(line)).map((line) => `errors.json lacks ${line}`),
    ...found.filter((line) => !planned.includes(line)).map((line) => `errors.json has ${line}`),
  ];
}
