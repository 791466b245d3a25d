import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPage, readWorkspaces } from './listing-answers.ts';

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

  it.each([{}, null, 'x', { workspaces: [] }, [{ id: '1', name: 'A' }]])('%j is not a list of workspaces', (json) => {
    expect(readWorkspaces(json)).toHaveProperty('problem');
  });

  it('reads JSON of any shape without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.array(fc.record({ uuid: fc.jsonValue(), name: fc.jsonValue() }))),
        (json) => {
          const result = readWorkspaces(json);
          if ('problem' in result) expect(json).not.toEqual([]);
          else for (const { uuid, name } of result) expect(uuid.length * name.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

const full = {
  uuid: 'a',
  title: 'T',
  orderedAt: '2026-01-02T03:04:05Z',
  type: 'STUDYV2',
  productType: 'SURVEY',
  cursor: 'MQ',
};

describe('one page of tests', () => {
  it('keeps uuid, title, order date, type and product type, and the cursor of the last', () => {
    const { cursor, ...kept } = full;
    expect(readPage({ studies: [full] })).toEqual({ tests: [kept], next: cursor });
  });

  it('may be a bare list', () => {
    expect(readPage([{ uuid: 'a' }])).toEqual({ tests: [{ uuid: 'a' }], next: null });
  });

  it('leaves out types that are not text', () => {
    expect(readPage([{ uuid: 'a', type: 7, productType: null, title: 9 }])).toEqual({
      tests: [{ uuid: 'a' }],
      next: null,
    });
  });

  it('skips studies without a UUID and counts them, though the last one still gives the cursor', () => {
    const tests = [{ uuid: 'a' }];
    expect(readPage([{ uuid: 5 }, { uuid: 'a' }, null, { cursor: 'NA' }])).toEqual({ tests, next: 'NA', skipped: 3 });
  });

  it.each([[[{ id: 'a', cursor: 'NA' }]], [[{ uuid: 5 }, null]], [[{ cursor: '' }]]])(
    '%j is no page: an empty one would end the listing',
    (studies) => {
      expect(readPage({ studies })).toHaveProperty('problem');
    },
  );

  it.each([[[{ uuid: 'a', cursor: {} }]], [[{ uuid: 'a', cursor: '..' }]], [[{ uuid: 'a', cursor: 'NA' }, null]]])(
    '%j is no page: where the next one begins cannot be read',
    (studies) => {
      expect(readPage({ studies })).toHaveProperty('problem');
    },
  );

  it('may have a number for a cursor', () => {
    expect(readPage([{ uuid: 'a', cursor: 50 }])).toMatchObject({ next: '50' });
  });

  it('replaces half a surrogate pair, which no checkpoint could hold', () => {
    const half = JSON.parse('{"uuid":"a\\ud83e","title":"cut \\ud83e","type":"\\udd8a"}');
    expect(readPage([half])).toMatchObject({ tests: [{ uuid: 'a\ufffd', title: 'cut \ufffd', type: '\ufffd' }] });
  });

  it('cuts texts at 1,000 characters, and takes no longer UUID', () => {
    const long = 'x'.repeat(5_000);
    const cut = long.slice(0, 1_000);
    const { uuid: _, ...texts } = { ...full, title: long, orderedAt: long, type: long, productType: long };
    const tests = [{ uuid: 'a', title: cut, orderedAt: cut, type: cut, productType: cut }];
    expect(readPage([{ uuid: 'a', ...texts }, { uuid: long }])).toEqual({ tests, next: null, skipped: 1 });
    expect(readWorkspaces([{ uuid: 'a', name: long }, { uuid: long }])).toEqual([{ uuid: 'a', name: cut }]);
  });

  it('takes a repeated test once', () => {
    expect(readPage([full, { ...full, title: 'other' }])).toMatchObject({ tests: [{ title: 'T' }] });
  });

  it.each([[[]], [[{ uuid: 'a', cursor: '' }]], [[{ uuid: 'a', cursor: null }]], [[{ uuid: 'a' }]]])(
    '%j has no next page',
    (studies) => {
      expect(readPage({ studies })).toMatchObject({ next: null });
    },
  );

  it('may say null where there are no studies', () => {
    expect(readPage({ studies: null })).toEqual({ tests: [], next: null });
  });

  it.each([{ studies: [] }, { studies: null }])('is no empty page where it tells of an error beside %j', (page) => {
    expect(readPage({ ...page, errors: [{ message: 'timed out' }] })).toHaveProperty('problem');
    expect(readPage({ ...page, errors: [], error: null })).toEqual({ tests: [], next: null });
  });

  it.each([{}, null, 'x', 5, { studies: {} }, { code: 'X', message: 'no' }, { studies: undefined }])(
    '%j is no page, not an empty page',
    (json) => {
      expect(readPage(json)).toHaveProperty('problem');
    },
  );

  it('reads JSON of any shape without an exception, and never lists a test twice', () => {
    const studies = fc.array(
      fc.oneof(fc.jsonValue(), fc.record({ uuid: fc.constantFrom('a', 'b'), cursor: fc.jsonValue() })),
    );
    const page = fc.oneof(fc.jsonValue(), studies, fc.record({ studies }));
    fc.assert(
      fc.property(page, (json) => {
        const result = readPage(json);
        if ('problem' in result) return;
        const uuids = result.tests.map(({ uuid }) => uuid);
        expect(new Set(uuids).size).toBe(uuids.length);
        expect(result.next).not.toBe('');
      }),
    );
  });
});
