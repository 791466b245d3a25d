import { join } from 'node:path';
import { checkContainers, checkImage } from './check-containers.ts';
import { checkFiles, checkPace, checkRepeats, classifiedTests, readGrants } from './check-results.ts';
import { type Checklist, waitFor } from './checklist.ts';
import { run } from './engine.ts';
import { crashWorker, cutWorkerOff, killWorker, restartRedis, stopWorkers } from './failures.ts';
import { SimulatedAccount } from './simulated-account.ts';
import type { System } from './system.ts';

const start = ['up', '--detach', '--scale', 'demo-worker=4', '--scale', 'demo-producer=0'];

/**
 * From nothing to the finished files, with every failure on the way.
 * @param root of the repository: what runs on the host runs from there
 */
export async function runThrough(system: System, root: string, list: Checklist): Promise<void> {
  await checkMissingSettings(system, list);
  await system.writeSettings();
  list.note('building the image');
  await system.mustCompose('build');
  await checkImage(system, list);

  const account = new SimulatedAccount(system);
  list.note('starting four workers and the rest of the demo');
  await system.mustCompose(...start);
  await waitFor('all containers are healthy', () => allHealthy(system));
  list.expect('all containers become healthy', true);
  await checkContainers(system, list);
  await enqueue(system, account, root, list);

  const intervalMs = Number(account.settings['REQUEST_INTERVAL_MS']);
  await causeFailures(system, account, list);
  const requests = await account.requests();
  const grants = await readGrants(system);
  checkPace(requests, { intervalMs, grants }, list);

  list.note('stopping everything, and starting it again with new containers');
  await system.mustCompose('down');
  await system.mustCompose(...start);
  const library = await account.library();
  await waitFor('all tests are in the files', async () => (await classifiedTests(system)) === library.length, 900);
  const later = await account.requests();
  const all = await readGrants(system);
  checkPace(later, { intervalMs, grants: all.filter((at) => !grants.includes(at)) }, list);
  // One killed, one crashed, one cut off, and four without Redis for a moment.
  checkRepeats([...requests, ...later], 7, list);
  await checkFiles(system, library, list);
}

async function checkMissingSettings(system: System, list: Checklist): Promise<void> {
  const { code, stderr } = await system.compose('config');
  const helps = code !== 0 && stderr.includes('REDIS_PASSWORD') && stderr.includes('.env.example');
  list.expect('without .env docker compose says what is missing', helps, stderr);
}

async function allHealthy({ containers, docker }: System): Promise<boolean> {
  const ids = await containers();
  const states = await docker('inspect', '--format', '{{if .State.Health}}{{.State.Health.Status}}{{end}}', ...ids);
  return ids.length >= 8 && states.split('\n').every((state) => state === 'healthy' || state === '');
}

async function enqueue({ settings, folder }: System, account: SimulatedAccount, root: string, list: Checklist) {
  const producer = await run(['npm', 'run', 'producer', '--', '--all'], {
    cwd: root,
    env: {
      ...account.settings,
      ENV_FILE: 'none',
      REDIS_URL: `redis://:${settings.REDIS_PASSWORD}@127.0.0.1:${settings.REDIS_PORT}`,
      STATE_DIR: join(folder, 'state', 'demo'),
    },
  });
  list.expect('npm run producer -- --all on the host enqueues the library', producer.code === 0, producer.stderr);
}

async function causeFailures(system: System, account: SimulatedAccount, list: Checklist): Promise<void> {
  const after = async (what: string, more: number): Promise<void> => {
    const before = (await account.requests()).length;
    await waitFor(`${more} more requests ${what}`, async () => (await account.requests()).length >= before + more);
    list.expect(`the work goes on ${what}`, true);
  };
  await after('with four workers', 60);
  await killWorker(system, list);
  await after('after the death of a worker', 60);
  await crashWorker(system, list);
  await after('after the crash of a worker', 60);
  await cutWorkerOff(system, list);
  await after('after a cut connection', 60);
  await restartRedis(system, list);
  await after('after a restart of Redis', 60);
  await stopWorkers(system, list);
  list.expect(
    'the tests are not finished yet, so that a new start has something to do',
    (await classifiedTests(system)) < 400,
  );
}
