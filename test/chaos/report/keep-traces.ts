import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence } from '../checks/evidence.ts';
import { nameOf } from '../world/actor.ts';
import { describePlan } from './describe-plan.ts';

const shownLines = 8;

/** Writes all that is known of a run to a folder. @returns what to show of it */
export async function keepTraces({ stage, requests, redis, contents, files, ending }: Evidence): Promise<string[]> {
  const { plan, world, deeds } = stage;
  const folder = join(tmpdir(), `inventory-chaos-${plan.seed}`);
  await mkdir(folder, { recursive: true });
  const moments = [
    ...deeds.map(({ at, what }) => ({ at, what })),
    { at: ending.calmAt, what: 'all transient faults are over' },
    ...ending.lastStarts.map(({ at, phase, code }) => ({ at, what: `start --all (${phase}), ended with ${code}` })),
    ...world.troupe.actors.flatMap((actor) => [
      { at: actor.startedAt, what: `${nameOf(actor)} starts` },
      {
        at: actor.endedAt() ?? 0,
        what: `${nameOf(actor)} ended with ${actor.code() ?? actor.program.child.signalCode}`,
      },
    ]),
  ];
  const done = moments.sort((a, b) => a.at - b.at).map(({ at, what }) => `${clock(at)} ${what}`);
  const tails: string[] = [];
  for (const actor of world.troupe.actors) {
    const { code, stdout, stderr } = await actor.program.ended;
    await writeFile(join(folder, `${nameOf(actor).replace(' ', '-')}.log`), `${stdout}\n--- stderr\n${stderr}`);
    const lines = `${stdout}${stderr}`.trim().split('\n').slice(-shownLines);
    tails.push(`--- ${nameOf(actor)} ended with ${code ?? actor.program.child.signalCode}`, ...lines);
  }
  const known = { plan, ending, deeds, grants: redis.grants, pauses: redis.pauses, files, requests, contents };
  await writeFile(join(folder, 'run.json'), JSON.stringify(known, null, 1));
  return [
    'Schedule:',
    ...describePlan(plan),
    'Done:',
    ...done,
    'Last log lines:',
    ...tails.map((line) => line.slice(0, 300)),
    `Everything: ${folder}`,
  ];
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 23);
}
