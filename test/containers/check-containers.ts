import type { Checklist } from './checklist.ts';
import { speakToRedis } from './speak-to-redis.ts';
import type { System } from './system.ts';

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
  const stranger = await speakToRedis(port, ['PING']);
  list.expect('Redis answers nobody without its password', stranger.startsWith('-NOAUTH'), stranger);
  const friend = await speakToRedis(port, [`AUTH ${settings.REDIS_PASSWORD}`, 'PING']);
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
