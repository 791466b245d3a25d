import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkspaces } from './read-workspaces.ts';

describe('the list of workspaces', () => {
  it('names a workspace by name, else label, else title, else Unknown', () => {
    const json = [
      { uuid: 'a', name: 'A', label: 'x' },
      { uuid: 'b', name: '', label: 'B', title: 'x' },
      { uuid: 'c', name: null, title: 'C' },
      { uuid: 'd', name: 7 },
    ];
    expect(readWorkspaces(json)).toEqual([
      { uuid: 'a', name: 'A' },
      { uuid: 'b', name: 'B' },
      { uuid: 'c', name: 'C' },
      { uuid: 'd', name: 'Unknown' },
    ]);
  });

  it('skips what has no UUID and takes a repeated one once', () => {
    const json = [
      null,
      7,
      { name: 'x' },
      { uuid: 5 },
      { uuid: '' },
      { uuid: 'a', name: 'A' },
      { uuid: 'a', name: 'B' },
    ];
    expect(readWorkspaces(json)).toEqual([{ uuid: 'a', name: 'A' }]);
  });

  it.each([{}, null, 'x', { workspaces: [] }])('%j is not a list of workspaces', (json) => {
    expect(readWorkspaces(json)).toHaveProperty('problem');
  });

  it('reads JSON of any shape without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.array(fc.record({ uuid: fc.jsonValue(), name: fc.jsonValue() }))),
        (json) => {
          const result = readWorkspaces(json);
          if ('problem' in result) expect(Array.isArray(json)).toBe(false);
          else for (const { uuid, name } of result) expect(uuid.length * name.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
