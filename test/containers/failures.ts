import { setTimeout as sleep } from 'node:timers/promises';
import { type Checklist, waitFor } from './checklist.ts';
import type { System } from './system.ts';

/** Time without a connection, in ms: longer than a worker may be silent before others forget it. */
const cutMs = 20_000;

/** Kills a container; one that was killed by its name stays away. */
export async function killWorker({ containers, docker }: System, list: Checklist): Promise<void> {
  const [id = ''] = await containers('demo-worker');
  list.note('docker kill of a worker');
  await docker('kill', id);
}

/** Kills the program in a container: the restart policy brings it back. */
export async function crashWorker({ containers, docker, exec }: System, list: Checklist): Promise<void> {
  const [id = ''] = await containers('demo-worker');
  const startedAt = (): Promise<string> => docker('inspect', '--format', '{{.State.StartedAt}} {{.State.Running}}', id);
  const before = await startedAt();
  list.note('kill -9 of the program in another worker');
  // All but process 1, which is the init, and the shell itself.
  await exec(id, 'kill -9 -1');
  await waitFor(
    'the worker that crashed runs again',
    async () => {
      const now = await startedAt();
      return now !== before && now.endsWith('true');
    },
    60,
  );
  list.expect('a worker that crashes is started again', true);
}

/** Takes a worker off the network for 20 seconds. */
export async function cutWorkerOff({ containers, docker, exec, network }: System, list: Checklist): Promise<void> {
  const id = (await containers('demo-worker')).at(-1) ?? '';
  list.note('a worker without network for 20 s');
  await docker('network', 'disconnect', network, id);
  await sleep(cutMs);
  await docker('network', 'connect', network, id);
  // Asked here: the engine's own word may be from before.
  const healthy = async (): Promise<boolean> => (await exec(id, 'node dist/program/worker-healthy.js')).code === 0;
  await waitFor('the worker that was cut off is at work', healthy, 60);
  list.expect('the worker that was cut off comes back by itself', true);
}

/** Restarts Redis in the middle of the work. */
export async function restartRedis({ mustCompose }: System, list: Checklist): Promise<void> {
  list.note('restarting Redis');
  await mustCompose('restart', 'redis');
}

/** Stops the workers in the middle of their work. */
export async function stopWorkers({ containers, docker, mustCompose }: System, list: Checklist): Promise<void> {
  const ids = await containers('demo-worker');
  list.note('docker compose stop of the workers');
  await mustCompose('stop', 'demo-worker');
  // One that is killed because its time (stop_grace_period) is up has another code.
  const codes = await docker('inspect', '--format', '{{.State.ExitCode}}', ...ids);
  list.expect('workers that are stopped end by themselves', /^(0\s*)+$/.test(codes), codes);
}
