import { describe, expect, it } from 'vitest';
import { selectAll, selectByAnswer, selectByWords } from './workspaces.ts';

const all = ['a', 'b', 'c'].map((uuid) => ({ uuid, name: `Workspace ${uuid}` }));
const uuids = (answer: string) => selectByAnswer(all, answer)?.workspaces.map(({ uuid }) => uuid);

describe('the choice of workspaces', () => {
  it.each(['', '0', '  '])('%j at the prompt means all', (answer) => {
    expect(uuids(answer)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['2', ['b']],
    ['1,3', ['a', 'c']],
    ['3 1', ['a', 'c']],
    ['2, 2', ['b']],
    ['1-3', ['a', 'b', 'c']],
    ['3, 1-2', ['a', 'b', 'c']],
    ['2-2', ['b']],
  ])('%j means those numbers, in the order of the list', (answer, expected) => {
    expect(uuids(answer)).toEqual(expected);
  });

  it.each(['4', '0 1', '-1', 'x', '1.5', '1e0', '1-4', '3-1', '0-2', '1-'])('%j means nothing', (answer) => {
    expect(uuids(answer)).toBeUndefined();
  });

  it('a UUID may be written in any case; the selection is the same', () => {
    expect(selectByWords(all, ['B'])).toEqual(selectByWords(all, ['b']));
  });

  it('a name means a workspace as well', () => {
    expect(selectByWords(all, ['workspace B']).key).toBe('b');
  });

  it('an unknown UUID is an error that lists the known ones', () => {
    expect(() => selectByWords(all, ['b', 'z'])).toThrow(/not found: z.*[\s\S]*a {2}Workspace a/);
  });

  it('the same workspaces have the same key, in whatever order they were named', () => {
    expect(selectByWords(all, ['c', 'a']).key).toBe(selectByWords(all, ['a', 'c']).key);
    expect(selectAll(all).key).toBe('all');
  });

  it('a workspace keeps its place in the whole list', () => {
    expect(selectByWords(all, ['c']).workspaces[0]?.position).toBe(2);
  });
});
