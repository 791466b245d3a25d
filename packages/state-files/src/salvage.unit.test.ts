import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoded, salvagedErrors, salvagedTests } from './salvage.ts';

const record = (n: number, more: object = {}) => ({
  test_uuid: `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`,
  workspace_uuid: 'w0000000-0000-4000-8000-000000000001',
  workspace_name: 'One, "two"',
  ...more,
});
const records = [record(1), record(2, { test_type: 'survey' }), record(3, { workspace_name: '{a}, {"b"}' }), record(4)];
const layouts = { 'on lines': JSON.stringify(records, null, 2), 'on one line': JSON.stringify(records) };
const read = (text: string) => salvagedTests(text).items;

describe.each(Object.entries(layouts))('a damaged list of records %s', (_layout, text) => {
  it.each<[string, (text: string) => string]>([
    ['a comma too many', (sound) => sound.replace(/\n?\]$/, ',]')],
    [
      'NaN and other words of Python and JavaScript',
      (sound) => sound.replaceAll('"survey"', '"survey", "x": NaN, "y": [None, True, -Infinity]'),
    ],
    ['comments', (sound) => `// done by "Ann {"\n/* [ */ ${sound.replace('}', ', // her note\n}')}`],
    ['zeros at its end', (sound) => `${sound}\0\0\0\0`],
    ['another value around it', (sound) => `{"tests": ${sound}, "count": 4}`],
    ['no brackets', (sound) => sound.slice(1, -1)],
    ['a second list behind it', (sound) => `${sound}\n[]`],
  ])('with %s loses nothing', (_what, damage) => {
    const { items, lost } = salvagedTests(damage(text));
    expect(items.map((item) => (item as { test_uuid: string }).test_uuid)).toEqual(
      records.map((each) => each.test_uuid),
    );
    expect(lost).toBe(0);
  });

  it.each<[string, (text: string) => string]>([
    ['without its end', (sound) => sound.replace('}', '')],
    ['without a quote', (sound) => sound.replace('000000000001"', '000000000001')],
    ['without a colon', (sound) => sound.replace(/"test_uuid": ?/, '"test_uuid" ')],
    ['with rubbish in it', (sound) => sound.replace('"One,', '"One" @@ ",')],
  ])('loses of them only one %s', (_what, damage) => {
    const { items, lost } = salvagedTests(damage(text));
    expect(items).toEqual(records.slice(1));
    expect(lost).toBe(1);
  });

  it('that was cut off loses the last one', () => {
    const { items, lost } = salvagedTests(text.slice(0, text.lastIndexOf('workspace_uuid')));
    expect(items).toEqual(records.slice(0, 3));
    expect(lost).toBe(1);
  });
});

it('records with lists of objects in them are read whole', () => {
  const rich = [record(1, { tags: [{ test_uuid: 'inside' }, { b: 2 }] }), record(2, { owner: { name: 'Ann' } })];
  expect(read(`${JSON.stringify(rich)},`)).toEqual(rich);
});

it('JSON lines and a single record are read', () => {
  expect(read(records.map((each) => JSON.stringify(each)).join('\n'))).toEqual(records);
  expect(read(JSON.stringify(records[0], null, 2))).toEqual([records[0]]);
});

it('about as many records are lost as there is room for', () => {
  expect(salvagedTests('x'.repeat(15_000))).toEqual({ items: [], lost: 100 });
  expect(salvagedTests(' '.repeat(15_000))).toEqual({ items: [], lost: 0 });
});

it.each(['utf8', 'utf16le'] as const)('text in %s is read, with a byte order mark and without', (encoding) => {
  for (const mark of ['', '\uFEFF']) {
    const bytes = Buffer.from(`${mark}[{"a":"é"}]`, encoding);
    expect(decoded(bytes)).toBe(`${mark}[{"a":"é"}]`);
    if (encoding === 'utf16le') expect(decoded(Buffer.from(bytes).swap16())).toBe(`${mark}[{"a":"é"}]`);
  }
});

it('of damaged errors the sound ones are read', () => {
  const keys = [1, 2, 3].map((n) => record(n).test_uuid);
  const error = { status: 500, body: { body: { type: 'x' } }, type: 'unclassified_error' };
  const text = JSON.stringify({ [keys[0] ?? '']: error, [keys[1] ?? '']: error, 'workspace:w': error });
  expect(salvagedErrors(`${text},`)).toEqual([keys[0], keys[1], 'workspace:w'].map((key) => [key, error]));
  expect(salvagedErrors(text.replace('"status":500', '"status" 500')).map(([key]) => key)).toEqual([
    keys[1],
    'workspace:w',
  ]);
});

it('no text makes it fail or slow', () => {
  const piece = fc.constantFrom(...'{}[],:"/*\\\n\0'.split(''), '"test_uuid"', '"a"', '//', '{"test_uuid":"a"}', 'NaN');
  const texts = fc.array(piece, { maxLength: 200 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      for (const item of salvagedTests(text).items) expect(item).toHaveProperty('test_uuid');
      salvagedErrors(text);
    }),
  );
  for (const hostile of ['{"', '/*', '\n', '{"test_uuid":"a",', '"aaaaaaaa-0":{', '[{', '"\\']) {
    const startedAt = performance.now();
    const text = hostile.repeat(15_000);
    salvagedTests(text);
    salvagedErrors(text);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  }
});
