import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindsOf, type Plan } from './plan.ts';
import type { Evidence } from './run.ts';
import type { RunResult } from './run-seeds.ts';
import { describeTrouble } from './troubles.ts';

const shownLines = 8;

/** One line for a run. */
export function resultLine({ plan, tests, requests, kills, faults, durationMs, failures }: RunResult): string {
  const cells = [
    `seed ${plan.seed}`.padEnd(14),
    plan.variant.padEnd(10),
    `${tests} tests`.padStart(9),
    `${requests} requests`.padStart(13),
    `${kills} kills`.padStart(8),
    `${faults} faults`.padStart(10),
    `${(durationMs / 1000).toFixed(1)} s`.padStart(7),
    failures.length === 0 ? 'ok' : 'FAILED',
  ];
  return cells.join('  ');
}

/** What to read about a failed run; the first line of each failure names its check. */
export function failureText({ plan, failures, traces }: RunResult): string {
  return [
    ...failures.map(({ check, detail }) => `seed ${plan.seed} FAILED ${check}: ${detail}`),
    ...traces,
    `Again: npm run chaos -- --seed ${plan.seed}`,
  ].join('\n');
}

/** In how many of the runs each kind of thing was planned. */
export function kindsText(plans: readonly Plan[]): string {
  const counts = new Map<string, number>();
  for (const kind of plans.flatMap((plan) => [...kindsOf(plan)])) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const inOrder = [...counts].sort((a, b) => b[1] - a[1]);
  return `Runs with each kind: ${inOrder.map(([kind, count]) => `${kind} ${count}`).join(', ')}`;
}

/** Writes all that is known of a run to a folder. @returns what to show of it */
export async function keepTraces({ run, requests, redis, contents, files, ending }: Evidence): Promise<string[]> {
  const { plan, world, events } = run;
  const processes = world.processes.all;
  const folder = join(tmpdir(), `inventory-chaos-${plan.seed}`);
  await mkdir(folder, { recursive: true });
  const moments = [
    ...events.map(({ at, what }) => ({ at, what })),
    { at: ending.calmAt, what: 'all transient faults are over' },
    ...ending.lastStarts.map(({ at, phase, code }) => ({ at, what: `start --all (${phase}), ended with ${code}` })),
    ...processes.flatMap(({ name, startedAt, end }) => [
      { at: startedAt, what: `${name} starts` },
      { at: end?.at ?? 0, what: `${name} ended with ${end?.code ?? end?.signal}` },
    ]),
  ];
  const done = moments.sort((a, b) => a.at - b.at).map(({ at, what }) => `${clockTime(at)} ${what}`);
  const tails: string[] = [];
  for (const { name, program } of processes) {
    const { code, signal, stdout, stderr } = await program.ended;
    await writeFile(join(folder, `${name.replace(' ', '-')}.log`), `${stdout}\n--- stderr\n${stderr}`);
    const lines = `${stdout}${stderr}`.trim().split('\n').slice(-shownLines);
    tails.push(`--- ${name} ended with ${code ?? signal}`, ...lines);
  }
  const known = { plan, ending, events, grants: redis.grants, pauses: redis.pauses, files, requests, contents };
  await writeFile(join(folder, 'run.json'), JSON.stringify(known, null, 1));
  return [
    ...['Schedule:', ...describePlan(plan), 'Done:', ...done],
    ...['Last log lines:', ...tails.map((line) => line.slice(0, 300)), `Everything: ${folder}`],
  ];
}

function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 23);
}

/** A plan for people, a line each thing. */
function describePlan({ events, ...rest }: Plan): string[] {
  return [
    ...Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...events.map(
      ({ atRequest, delayMs, trouble }) => `at request ${atRequest} + ${delayMs} ms: ${describeTrouble(trouble)}`,
    ),
  ];
}
