import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { openCliAccount } from '../../../test/support/open-test-account.ts';
import { runProgram } from '../../../test/support/program.ts';

const says = (places: string) =>
  RegExp(`^The access token is valid until [\\d:]{8} \\(1 h 00 min\\)\\. It is ${places}\\.\n$`);

it('token keeps a token that is valid; each --force gets one new one; each time it says where the token is, not what it is', async () => {
  const { env, sandbox, runtime } = await openCliAccount();
  const file = join(dirname(runtime.settings.stateDir), '.env');
  await writeFile(file, '# mine\n', { mode: 0o600 });
  const run = (...words: string[]) => runProgram('cli', ['token', ...words], { ...env, ENV_FILE: file });
  const tokens: string[] = [];
  for (const words of [[], [], ['--force'], ['--force']]) {
    const ended = await run(...words);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(says(`in Redis and in ${file}`)) });
    const [, token = ''] = /^# mine\nACCESS_TOKEN=(\S+)\nEXPIRES_IN=\d+\n$/.exec(await readFile(file, 'utf8')) ?? [];
    expect(ended.stdout + ended.stderr).not.toContain(token);
    tokens.push(token);
  }
  expect(new Set(tokens).size).toBe(3);
  expect(sandbox.statistics().byEndpoint['token']).toBe(3);
});

it('token without a settings file says that the token is in Redis', async () => {
  const { env } = await openCliAccount();
  expect(await runProgram('cli', ['token'], env)).toMatchObject({ stdout: expect.stringMatching(says('in Redis')) });
});
