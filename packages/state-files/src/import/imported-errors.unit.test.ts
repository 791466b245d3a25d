import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importedErrors } from './imported-errors.ts';

test("the script's errors are understood", () => {
  const { entries } = importedErrors([
    ['t1', { status: 502, body: { message: 'bad gateway' }, type: 'unclassified_error' }],
    ['workspace:w', { error: '404 Client Error', type: 'workspace_detail_http_error' }],
    ['t2', { status_code: 429, error: 'Rate limit exceeded' }],
  ]);
  const base = { status: null, status_code: null, body: null, attempts: 1 };
  expect(entries).toEqual([
    {
      key: 't1',
      error: {
        status: 502,
        status_code: 502,
        type: 'unclassified_error',
        error: 'the API answered 502',
        body: { message: 'bad gateway' },
        attempts: 1,
      },
    },
    { key: 'workspace:w', error: { ...base, type: 'workspace_detail_http_error', error: '404 Client Error' } },
    {
      key: 't2',
      error: { ...base, status: 429, status_code: 429, type: 'unclassified_error', error: 'Rate limit exceeded' },
    },
  ]);
});

test('entries that are not objects are skipped and counted', () => {
  expect(
    importedErrors([
      ['a', null],
      ['b', 'x'],
      ['c', [1]],
      ['', {}],
    ]),
  ).toEqual({ entries: [], skipped: 4 });
});

test('a body has at most 2,000 characters', () => {
  const [text, json] = importedErrors([
    ['a', { body: 'x'.repeat(3000) }],
    ['b', { body: { long: 'x'.repeat(3000) } }],
  ]).entries;
  expect(text?.error.body).toBe('x'.repeat(2000));
  expect(json?.error.body).toBe(`{"long":"${'x'.repeat(1991)}`);
});

test('a body that is nested deeper than any parser follows does no harm', () => {
  const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
  expect(importedErrors([['a', { body: deep }]]).entries[0]?.error.body).toMatch(/nested too deeply/);
});

test('no content makes it fail', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (file) => {
      const entries = Object.entries(file);
      const errors = importedErrors(entries);
      expect(errors.entries.length + errors.skipped).toBe(entries.length);
    }),
  );
});
