import fc from 'fast-check';
import { expect, test } from 'vitest';
import { item, JsonContainer, member } from './json-container.ts';

const pages = fc.array(fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())));

test('an array that is written in pieces reads as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(pages, (parts) => {
      const json = new JsonContainer('[]');
      const text = parts.map((part) => json.add(part.map(item))).join('') + json.end();
      expect(text).toBe(JSON.stringify(parts.flat(), null, 2));
    }),
  );
});

test('an object that is written in pieces reads as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string().filter((key) => !/^\d+$/.test(key) && key !== '__proto__')), (keys) => {
      const json = new JsonContainer('{}');
      const text = keys.map((key) => json.add([member(key, { status: null, body: [] })])).join('') + json.end();
      expect(text).toBe(
        JSON.stringify(Object.fromEntries(keys.map((key) => [key, { status: null, body: [] }])), null, 2),
      );
    }),
  );
});
