import { once } from 'node:events';
import { connect } from 'node:net';
import { type Checklist, waitFor } from './checklist.ts';
import type { System } from './system.ts';

const contents = [
  'find / -xdev -name ".env*" -not -path "/proc/*" 2>/dev/null',
  'ls -d node_modules apps packages test 2>/dev/null',
].join('; ');

/** Looks at the image without starting the system. */
export async function checkImage(system: System, list: Checklist): Promise<void> {
  const { image, docker, settings } = system;
  const bytes = Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
  const own = await docker('run', '--rm', image, 'du', '-sm', '/app');
  list.note(`the image has ${Math.round(bytes / 1e6)} MB, of which ${Number.parseInt(own, 10)} MB are the program`);
  const unwanted = await docker('run', '--rm', image, 'sh', '-c', `${contents}; true`);
  list.expect('the image holds no .env, no tool of development and no source', unwanted === '', unwanted);
  const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
  list.expect('no layer was made with a password', !history.includes(settings.REDIS_PASSWORD), history);
  list.expect('it runs as a user that is not root', (await docker('run', '--rm', image, 'id', '-u')) === '1000');
  await checkSignals(system, list);
}

/** Without an init before it the program is process 1, which the kernel spares all signals it does not handle. */
async function checkSignals({ image, attempt }: System, list: Checklist): Promise<void> {
  const name = `inventory-signals-${process.pid}`;
  const options = ['--rm', '--name', name, '--read-only', '--tmpfs', '/tmp'];
  const ended = attempt('run', ...options, image, 'usertesting-inventory', 'sandbox');
  await waitFor('the program runs as process 1', async () =>
    (await attempt('logs', name)).stdout.includes('It listens on'),
  );
  await attempt('stop', '--time', '30', name);
  const { code } = await ended;
  list.expect('SIGTERM ends it in order, also as process 1', code === 0, code);
}

/** Looks at the running containers from inside and from the host. */
export async function checkContainers(system: System, list: Checklist): Promise<void> {
  for (const service of ['demo-worker', 'demo-exporter', 'demo-board', 'sandbox', 'redis']) {
    const [id = ''] = await system.containers(service);
    const wrote = await system.exec(id, 'touch /app/new 2>/dev/null || touch /new 2>/dev/null');
    list.expect(`${service}: the root file system is read-only`, wrote.code !== 0, wrote);
    const uid = (await system.exec(id, 'id -u')).stdout;
    list.expect(`${service}: its user is not root`, /^[1-9]\d*$/.test(uid), uid);
    const log = JSON.parse(await system.docker('inspect', '--format', '{{json .HostConfig.LogConfig}}', id));
    list.expect(`${service}: its log is limited in size`, JSON.stringify(log).includes('10'), log);
  }
  await checkDoors(system, list);
}

async function checkDoors({ settings, containers, docker }: System, list: Checklist): Promise<void> {
  const port = Number(settings.REDIS_PORT);
  const stranger = await askRedis(port, ['PING']);
  list.expect('Redis answers nobody without its password', stranger.startsWith('-NOAUTH'), stranger);
  const friend = await askRedis(port, [`AUTH ${settings.REDIS_PASSWORD}`, 'PING']);
  list.expect('Redis answers the host with it', friend.includes('+PONG'), friend);
  const board = `http://127.0.0.1:${settings.BOARD_PORT}/api/summary`;
  const refused = (await fetch(board)).status;
  list.expect('the board asks for its password', refused === 401, refused);
  const authorization = `Basic ${btoa(`admin:${settings.BOARD_PASSWORD}`)}`;
  const shown = (await fetch(board, { headers: { authorization } })).status;
  list.expect('the board shows itself with it', shown === 200, shown);
  for (const service of ['redis', 'demo-board', 'sandbox']) {
    const [id = ''] = await containers(service);
    const ports = await docker('inspect', '--format', '{{json .HostConfig.PortBindings}}', id);
    const others = [...ports.matchAll(/"HostIp":"([^"]*)"/g)].filter(([, address]) => address !== '127.0.0.1');
    list.expect(
      `${service}: only this machine reaches its port`,
      ports.includes('127.0.0.1') && others.length === 0,
      ports,
    );
  }
}

/** Sends commands to the Redis on a port of this machine, as they stand. @returns all that it answers */
async function askRedis(port: number, commands: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.write([...commands, 'QUIT', ''].join('\r\n'));
  await once(socket, 'close');
  return answer;
}
