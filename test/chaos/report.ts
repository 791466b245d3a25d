import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';
import type { RunResult } from './run-seeds.ts';
import { describeTrouble } from './troubles.ts';

const shownLines = 8;

/** One line for a run. */
export function resultLine({ plan, tests, requests, kills, faults, durationMs, failures }: RunResult): string {
  const cells = [
    `seed ${plan.seed}`.padEnd(14),
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
export function failureText({ plan: { seed }, failures, traces }: RunResult): string {
  const lines = failures.map((failure) => `seed ${seed} FAILED ${failure}`);
  return [...lines, ...traces, `Again: npm run chaos -- --seed ${seed}`].join('\n');
}

/** Writes all that is known of a run to a folder. @returns what to show of it */
export async function keepTraces({ run, ending, ...evidence }: Evidence): Promise<string[]> {
  const { plan, world, events } = run;
  const processes = world.processes.all;
  const folder = join(tmpdir(), `inventory-chaos-${plan.seed}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify({ plan, ending, events, ...evidence }, null, 1));
  const tails: string[] = [];
  for (const { name, program } of processes) {
    const { code, signal, stdout, stderr } = await program.ended;
    await writeFile(join(folder, `${name.replace(' ', '-')}.log`), `${stdout}\n--- stderr\n${stderr}`);
    const lines = `${stdout}${stderr}`.trim().split('\n').slice(-shownLines);
    tails.push(`--- ${name} ended with ${code ?? signal}`, ...lines.map((line) => line.slice(0, 300)));
  }
  const { events: planned, ...rest } = plan;
  const done = [
    ...events,
    { at: ending.calmAt, what: 'all transient faults are over' },
    ...ending.lastStarts.map(({ at, phase, code }) => ({ at, what: `start --all (${phase}), ended with ${code}` })),
    ...processes.flatMap(({ name, startedAt, end }) => [
      { at: startedAt, what: `${name} starts` },
      { at: end?.at ?? 0, what: `${name} ended with ${end?.code ?? end?.signal}` },
    ]),
  ].sort((a, b) => a.at - b.at);
  return [
    'Schedule:',
    ...Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...planned.map((event) => `at request ${event.atRequest} + ${event.delayMs} ms: ${describeTrouble(event.trouble)}`),
    'Done:',
    ...done.map(({ at, what }) => `${new Date(at).toISOString().slice(11, 23)} ${what}`),
    ...['Last log lines:', ...tails, `Everything: ${folder}`],
  ];
}
