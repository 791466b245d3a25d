import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startFile } from '../support/program.ts';

it.each([
  ['--only=speed', "argument 'speed' is invalid. Allowed choices are pace, kill, probed, scale, memory, board"],
  ['--sizes=1e6', "argument '1e6' is invalid. Expected a whole number"],
])('%s is wrong usage: said before anything runs', async (option, message) => {
  const ended = await startFile(join(import.meta.dirname, 'main.ts'), [option], {}).ended;
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
