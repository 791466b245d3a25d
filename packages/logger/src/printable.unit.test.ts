import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { displayPath, messageOf, printable, printableJson, printableLines } from './printable.ts';

test('text of any language and emoji stays as it is', () => {
  for (const text of ['Büro 0', '日本語', 'עברית', '🦊 e\u0301', '']) expect(printable(text)).toBe(text);
});

test('whitespace of every kind, and so the ends of lines and paragraphs, becomes spaces', () => {
  expect(printable('a\tb\r\nc\u2028d\u2029e\u0085f\u00a0g')).toBe('a b  c d e f g');
});

test('control characters become spaces, so that no escape sequence reaches the terminal', () => {
  expect(printable('\u001b[31mred\u0007\u009b2J\u0000\u007f')).toBe(' [31mred  2J  ');
});

test('characters that turn the direction of writing or show nothing go', () => {
  expect(printable('a\u202etxt.exe\u2066\u2069\u200b\u200f\ufeff\u00adz')).toBe('atxt.exez');
});

test('the lines of a text with several can be kept', () => {
  expect(printableLines('a\r\n\tb')).toBe('a \n b');
});

test('a JSON text says the same with escapes in place of all that steers a terminal', () => {
  const value = { 'a\u202e': ['\u009b2J\u007f', 'b\u2028\u{e0041}\n'], c: 'Büro 日本' };
  const text = printableJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(printableLines(text)).toBe(text);
  expect(text).toContain('"c": "Büro 日本"');
});

test('half a surrogate pair becomes the replacement character', () => {
  expect(printable('a\ud800b')).toBe('a\ufffdb');
});

test('the message of an error is its message, else its code, else its name', () => {
  expect(messageOf(new Error('no'))).toBe('no');
  expect(messageOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
  expect(messageOf(new TypeError())).toBe('TypeError');
});

test('anything else thrown is its text', () => {
  expect(messageOf('gone')).toBe('gone');
  expect(messageOf(undefined)).toBe('undefined');
});

test('a path inside the current folder is shown relative to it, any other as it is', () => {
  expect(displayPath(resolve('state/errors.json'))).toBe('state/errors.json');
  expect(displayPath(`${resolve('.')}-2/errors.json`)).toBe(`${resolve('.')}-2/errors.json`);
  expect(displayPath(resolve('.'))).toBe(resolve('.'));
});
