import { expect, it } from 'vitest';
import { tokenDesk } from './token-desk.ts';

function deskAt() {
  let now = 0;
  const at = (ms: number) => {
    now = ms;
  };
  return { desk: tokenDesk(() => now), at };
}

it('takes a token until the moment it expires', () => {
  const { desk, at } = deskAt();
  const { token } = desk.issue(100);
  at(99);
  expect(desk.check(`Bearer ${token}`)).toEqual({ valid: true, generation: 1 });
  at(100);
  expect(desk.check(`Bearer ${token}`)).toEqual({ valid: false, generation: 1 });
});

it('leaves earlier tokens good when a new one is handed out', () => {
  const { desk } = deskAt();
  const first = desk.issue(100);
  desk.issue(100);
  expect(desk.check(`Bearer ${first.token}`).valid).toBe(true);
});

it('refuses after a revocation all tokens from before it and none from after it', () => {
  const { desk } = deskAt();
  const before = desk.issue(100);
  desk.revokeAll();
  const after = desk.issue(100);
  expect(desk.check(`Bearer ${before.token}`)).toEqual({ valid: false, generation: 1 });
  expect(desk.check(`Bearer ${after.token}`)).toEqual({ valid: true, generation: 2 });
});

it('refuses no token, an unknown one and another scheme', () => {
  const { desk } = deskAt();
  const { token } = desk.issue(100);
  for (const text of [undefined, '', 'Bearer', 'Bearer sandbox-token-1-x', `Basic ${token}`, token]) {
    expect(desk.check(text)).toEqual({ valid: false, generation: 0 });
  }
});
