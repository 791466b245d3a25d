import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, type Engine, mustRun, run } from './engine.ts';

/** A copy of the project with settings of its own, and its containers. */
export interface System {
  readonly folder: string;
  readonly settings: Readonly<
    Record<'REDIS_PASSWORD' | 'BOARD_PASSWORD' | 'REDIS_PORT' | 'BOARD_PORT' | 'SANDBOX_PORT', string>
  >;
  /** User and group that the state files have to belong to. */
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly image: string;
  /** Name of the network between the containers. */
  readonly network: string;
  /** Writes `.env`: the example with the settings of the test, and no credentials. */
  writeSettings(): Promise<void>;
  /** `docker compose --profile demo ARGS`, to its end. */
  compose(...args: string[]): Promise<Ended>;
  /** The same; has to succeed. @returns its stdout */
  mustCompose(...args: string[]): Promise<string>;
  /** `docker ARGS`, to its end. */
  attempt(...args: string[]): Promise<Ended>;
  /** The same; has to succeed. @returns its stdout */
  docker(...args: string[]): Promise<string>;
  /** Runs a shell command in a container. */
  exec(container: string, command: string): Promise<Ended>;
  /** Ids of the running containers, of one service or of all. */
  containers(service?: string): Promise<string[]>;
  /** Removes containers, network, volume and folder. */
  remove(): Promise<void>;
}

/** @param root of the repository */
export async function prepareSystem(engine: Engine, root: string): Promise<System> {
  const folder = await copyProject(root);
  const settings = await chooseSettings();
  const project = `inventory-test-${process.pid}`;
  const composeWords = [...engine.compose, '--project-name', project, '--profile', 'demo'];
  // What the caller's shell has set would win over the settings of the test.
  const env = Object.fromEntries([...Object.keys(settings), 'COMPOSE_PROFILES'].map((name) => [name, undefined]));
  const compose = (...args: string[]): Promise<Ended> => run([...composeWords, ...args], { cwd: folder, env });
  const attempt = (...args: string[]): Promise<Ended> => run([...engine.docker, ...args]);
  const docker = (...args: string[]): Promise<string> => mustRun([...engine.docker, ...args]);
  return {
    folder,
    settings,
    owner: { uid: Number(settings.HOST_UID), gid: Number(settings.HOST_GID) },
    image: settings.IMAGE,
    network: `${project}_default`,
    writeSettings: () => writeSettings(folder, settings),
    compose,
    mustCompose: (...args) => mustRun([...composeWords, ...args], { cwd: folder, env }),
    attempt,
    docker,
    exec: (container, command) => attempt('exec', container, 'sh', '-c', command),
    async containers(service) {
      const labels = [`project=${project}`, ...(service === undefined ? [] : [`service=${service}`])];
      const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]);
      return (await docker('ps', '--quiet', ...filters)).split('\n').filter((id) => id !== '');
    },
    async remove() {
      await compose('down', '--volumes', '--timeout', '5');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function chooseSettings() {
  const [redisPort, boardPort, sandboxPort] = await freePorts(3);
  return {
    REDIS_PASSWORD: 'only-for-this-test',
    BOARD_PASSWORD: 'also-for-this-test',
    REDIS_PORT: `${redisPort}`,
    BOARD_PORT: `${boardPort}`,
    SANDBOX_PORT: `${sandboxPort}`,
    IMAGE: 'usertesting-inventory:test',
    HOST_UID: '4321',
    HOST_GID: '8765',
    DEMO_TESTS: '400',
  };
}

async function writeSettings(folder: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const example = await readFile(join(folder, '.env.example'), 'utf8');
  const others = example.split('\n').filter((line) => !Object.hasOwn(settings, line.split('=')[0] ?? ''));
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(folder, '.env'), [...others, ...lines, ''].join('\n'));
}

/**
 * Copies what a clone of the repository would hold (with changes that are not committed yet) to a folder of its own,
 * so that neither `.env` nor `state/` of this one is touched. @returns the folder
 */
async function copyProject(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-containers-'));
  const listed = await mustRun(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const deleted = await mustRun(['git', 'ls-files', '-z', '--deleted'], { cwd: root });
  const gone = new Set(deleted.split('\0'));
  const names = new Set(listed.split('\0').filter((name) => name !== '' && !gone.has(name)));
  for (const name of names) await cp(join(root, name), join(folder, name), { verbatimSymlinks: true });
  return folder;
}

/** Ports of 127.0.0.1 that nobody listens on just now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
