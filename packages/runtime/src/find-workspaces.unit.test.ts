import { expect, it } from 'vitest';
import { findWorkspaces } from './find-workspaces.ts';

const all = [
  { uuid: 'a1', name: 'Checkout' },
  { uuid: 'b2', name: 'Mobile app' },
  { uuid: 'c3', name: 'checkout' },
  { uuid: 'd4', name: 'a1' },
];
const found = (...words: string[]) => findWorkspaces(all, words).map(({ uuid }) => uuid);

it('a word means a workspace by UUID or by name, whatever its case, and a UUID goes before a name', () => {
  expect(found('mobile APP')).toEqual(['b2']);
  expect(found('D4', 'b2', 'Mobile app')).toEqual(['b2', 'd4']);
  expect(found('A1')).toEqual(['a1']);
});

it('a word that means none, or several, is an error that lists them', () => {
  expect(() => found('b2', 'Mobile')).toThrow(/^Workspace not found: Mobile\. [\s\S]* {2}b2 {2}Mobile app\n/);
  expect(() => found('checkout')).toThrow(
    'Several workspaces have the name checkout; give the UUID:\n  a1  Checkout\n  c3  checkout',
  );
  expect(() => findWorkspaces([], ['x'])).toThrow('(none)');
});
