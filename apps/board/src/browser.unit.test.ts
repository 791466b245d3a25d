import { expect, it } from 'vitest';
import { sshHint } from './browser.ts';

it('over SSH it is said how to reach a board that listens only on the machine there', () => {
  const sshServer = '192.0.2.7';
  expect(sshHint('http://127.0.0.1:3000/inventory', { sshServer })).toBe(
    'You are logged in by SSH: run ssh -L 3000:127.0.0.1:3000 192.0.2.7 on your own machine, and open it there.\n',
  );
  expect(sshHint('http://192.0.2.7:3000', { sshServer })).toBe('');
  expect(sshHint('http://127.0.0.1:3000', { sshServer: null })).toBe('');
});
