import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';

const shownLines = 8;

/** One line about a run. @param ms how long it took */
export function resultLine({ run, requests }: Evidence, failures: readonly string[], ms: number): string {
  const { sandbox } = run.world.account;
  const hits = sandbox.requests().filter(({ faultId }) => faultId !== null).length;
  const kills = run.events.filter(({ kind }) => kind !== 'other').length;
  const counts = `${sandbox.library.size()} tests, ${requests.length} requests, ${kills} kills, ${hits} faults`;
  return `seed ${run.plan.seed}: ${counts}, ${(ms / 1000).toFixed(1)} s  ${failures.length === 0 ? 'ok' : 'FAILED'}`;
}

/**
 * Writes all that is known of a run to a folder.
 * @returns what to read about it: its failures (the name of the check first), what was done, the last log lines
 */
export async function keepTraces({ run, ending, ...evidence }: Evidence, failures: readonly string[]): Promise<string> {
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
  const done = [
    ...events,
    { at: ending.calmAt, what: 'all transient faults are over' },
    ...ending.broken.map(({ at }) => ({ at, what: 'start --all with permanent faults' })),
    ...ending.repaired.map(({ at }) => ({ at, what: 'start --all without faults' })),
    ...processes.flatMap(({ name, startedAt, end }) => [
      { at: startedAt, what: `${name} starts` },
      { at: end?.at ?? 0, what: `${name} ended with ${end?.code ?? end?.signal}` },
    ]),
  ].sort((a, b) => a.at - b.at);
  return [
    ...failures.map((failure) => `seed ${plan.seed} FAILED ${failure}`),
    ...Object.entries(plan).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    'Done:',
    ...done.map(({ at, what }) => `${new Date(at).toISOString().slice(11, 23)} ${what}`),
    ...['Last log lines:', ...tails, `Everything: ${folder}`, `Again: npm run chaos -- --seed ${plan.seed}`],
  ].join('\n');
}
