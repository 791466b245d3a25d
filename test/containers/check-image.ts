import type { Checklist } from './checklist.ts';
import type { System } from './system.ts';
import { waitFor } from './wait-for.ts';

const contents = [
  'find / -xdev -name ".env*" -not -path "/proc/*" 2>/dev/null',
  'ls -d node_modules/typescript node_modules/vitest node_modules/@biomejs node_modules/turbo 2>/dev/null',
  'find apps packages -name "*.ts" -not -path "*/node_modules/*"',
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
  const ended = attempt('run', ...options, image, 'node', 'apps/sandbox/dist/main.js');
  await waitFor('the program runs as process 1', async () =>
    (await attempt('logs', name)).stdout.includes('listening'),
  );
  await attempt('stop', '--time', '30', name);
  const { code } = await ended;
  list.expect('SIGTERM ends it in order, also as process 1', code === 0, code);
}
