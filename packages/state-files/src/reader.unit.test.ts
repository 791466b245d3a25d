import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonParts } from './reader.ts';

/** All parts of a text that comes in chunks of a size, put together; null when it is not the JSON that it should be. */
async function read(text: string, brackets: '[]' | '{}', size = 1000): Promise<unknown> {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  const chunks = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  const items: unknown[] = [];
  try {
    for await (const part of jsonParts(chunks, brackets)) items.push(...Object.entries(part as object));
  } catch {
    return null;
  }
  return brackets === '[]' ? items.map((entry) => (entry as [string, unknown])[1]) : Object.fromEntries(items as []);
}

const sizes = fc.integer({ min: 3, max: 40 });
const layouts = fc.constantFrom(undefined, 2, '\t');

it('an array is the same, wherever its text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), sizes, layouts, async (items, size, layout) => {
      const text = JSON.stringify(items, null, layout);
      expect(await read(text, '[]', size)).toEqual(JSON.parse(text));
    }),
  );
});

it('an object is the same, wherever its text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), sizes, layouts, async (items, size, layout) => {
      const text = JSON.stringify(items, null, layout);
      expect(await read(text, '{}', size)).toEqual(JSON.parse(text));
    }),
  );
});

it('a text is accepted if and only if it is JSON of this kind', async () => {
  const piece = fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', ':', ' ', '1', '"a"', '[]', '{}', '{"a":1}', '\n');
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.json(),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(texts, sizes, async (text, size) => {
      expect(await read(text, '[]', size)).toEqual(arrayIn(text));
    }),
    { numRuns: 1000 },
  );
});

function arrayIn(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

it('a byte order mark is skipped, and text after the end is refused', async () => {
  expect(await read('\uFEFF[1]\n', '[]')).toEqual([1]);
  expect(await read('[1] [2]', '[]')).toBeNull();
});
