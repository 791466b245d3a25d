import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { SecretRegistry } from './secrets.ts';

it.each(['json', 'pretty'] as const)('no line of a %s log holds a secret, wherever it comes from', (format) => {
  const secrets = new SecretRegistry();
  const sink = new PassThrough();
  const logger = createLogger({ name: 'test', level: 'trace', format, secrets, sink });
  secrets.add('hunter2-"quoted"');
  logger.info(
    { url: 'redis://:hunter2-"quoted"@host', nested: { token: 'hunter2-"quoted"' } },
    'told hunter2-"quoted"',
  );
  logger.error(new Error('hunter2-"quoted" was refused'));
  const written = String(sink.read());
  expect(written).toContain('[secret]');
  expect(written).not.toContain('hunter2');
});

it('a line stays JSON where a secret is a part of a number', () => {
  const secrets = new SecretRegistry();
  const sink = new PassThrough();
  secrets.add('12345678');
  createLogger({ name: 'test', level: 'info', format: 'json', secrets, sink }).info({ bytes: 1234567890 }, 'read');
  expect(JSON.parse(String(sink.read()))).toMatchObject({ bytes: 1234567890, msg: 'read' });
});

it('nothing in a pretty line can steer the terminal; lines of a message stay', () => {
  const sink = new PassThrough();
  const secrets = new SecretRegistry();
  const logger = createLogger({ name: 'test', level: 'info', format: 'pretty', secrets, sink });
  logger.info({ title: 'a\u202eb\u009b2J' }, 'first\u001b[2J\nsecond');
  expect(String(sink.read())).toMatch(/^\[[\d:]+\] INFO: first \[2J\nsecond \(title: ab 2J\)\n$/);
  logger.warn({ tries: 2, left: ['a'], why: 'one\ntwo' }, 'trying');
  expect(String(sink.read())).toMatch(/ WARN: trying \(tries: 2, left: \["a"\], why: one two\)\n$/);
});

it('nothing in a JSON line can steer a terminal that it is shown on, and nothing is lost', () => {
  const sink = new PassThrough();
  const secrets = new SecretRegistry();
  createLogger({ name: 'test', level: 'info', format: 'json', secrets, sink }).info({ title: 'a\u202eb\u009b2J' }, 'x');
  const line = String(sink.read());
  expect(line).not.toMatch(/[\u202e\u009b]/);
  expect(JSON.parse(line)).toMatchObject({ title: 'a\u202eb\u009b2J' });
});

it.each([
  ['no terminal', {}, false],
  ['a terminal', { isTTY: true, hasColors: (): boolean => true }, true],
  ['a terminal without colours, or NO_COLOR', { isTTY: true, hasColors: (): boolean => false }, false],
] as const)('on %s a line is coloured or not', (_, terminal, coloured) => {
  const sink = Object.assign(new PassThrough(), terminal);
  const secrets = new SecretRegistry();
  createLogger({ name: 'test', level: 'info', format: 'pretty', secrets, sink }).info('said');
  expect(String(sink.read()).includes('\u001b[')).toBe(coloured);
});
