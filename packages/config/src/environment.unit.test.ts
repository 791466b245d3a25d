import { expect, it } from 'vitest';
import { desktopOf } from './environment.ts';

const ssh = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.7 22' };

it.each([
  [{ DISPLAY: ':0' }, 'linux', 'xdg-open', null],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 'xdg-open', null],
  [{}, 'darwin', 'open', null],
  [{}, 'linux', null, null],
  [{ DISPLAY: ':0', CI: 'true' }, 'linux', null, null],
  [{ DISPLAY: 'localhost:10.0', ...ssh }, 'linux', null, '192.0.2.7'],
  [ssh, 'darwin', null, '192.0.2.7'],
] as const)('with %j on %s a browser is opened by %s, and SSH has led to %s', (env, platform, opener, sshServer) => {
  expect(desktopOf(env, platform)).toEqual({ opener, sshServer });
});
