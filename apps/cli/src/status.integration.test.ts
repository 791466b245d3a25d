import { Redis } from 'ioredis';
import { expect, inject, it } from 'vitest';
import { makeUnconfirmed } from '../../../test/support/checkpoints.ts';
import { openCircuit } from '../../../test/support/open-circuit.ts';
import { classifyAll, openCliAccount } from '../../../test/support/open-test-account.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { status } from './status.ts';

const library = { seed: 5, tests: 20, workspaces: 2 };

it('needs no credentials and changes nothing, also before the first run', async () => {
  const { runtime } = await openCliAccount({ sandbox: { library } });
  const redis = new Redis(inject('redisUrl'));
  const before = await redisContents(redis, runtime.checkpoints.prefix);
  const answer = await status({ ...runtime.settings, clientId: '', clientSecret: '' });
  expect(answer.code).toBe(0);
  expect(answer.lines.join('\n')).toMatch(/Nothing here yet: npm start begins[\s\S]*no worker is connected/);
  expect(await redisContents(redis, runtime.checkpoints.prefix)).toEqual(before);
  redis.disconnect();
});

it('shows run, errors, last verdict, token, pause and workers', async () => {
  const account = await openCliAccount({ sandbox: { library } });
  const { runtime } = account;
  const [broken] = [...account.sandbox.library.tests()];
  account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'results', testUuid: broken?.uuid });
  await account.produceAll();
  await classifyAll(account);
  const working = { role: 'worker', host: 'elsewhere', pid: 42, slots: 3, intervalMs: 6000 };
  await account.account.pace.attach('one', working);
  await account.account.pace.rest(60_000, 'rate used up');
  const { json, lines } = await status(runtime.settings);
  expect(JSON.parse(JSON.stringify(json))).toMatchObject({
    prefix: runtime.checkpoints.prefix,
    tests: { known: 20, open: 0 },
    runs: [{ selection: 'all', selected: 20, open: 0 }],
    workers: [{ host: 'elsewhere', pid: 42, interval_ms: 6000 }],
    pace: { interval_ms: 6000, cause: 'rate used up', held: null, limited_until: expect.any(String) },
    token_expires_at: expect.any(String),
    last_verdict_at: expect.any(String),
    errors: { total: 1, by_type: { unclassified_error: 1 }, recent: [{ key: broken?.uuid }] },
  });
  const { accessToken } = await account.account.tokens.current();
  expect(JSON.stringify(json) + lines.join('')).not.toContain(accessToken);
});

it('forecasts what is still to do', async () => {
  const account = await openCliAccount({ sandbox: { library }, env: { REQUEST_INTERVAL_MS: '1000' } });
  await account.produceAll();
  const { json } = await status(account.runtime.settings);
  expect(json).toMatchObject({ left: { requests: { low: 20, expected: 50, high: 80 }, ms: 50_000, ends_at: null } });
});

it('has an open circuit and verdicts that are not final in its JSON, and then no end', async () => {
  const account = await openCliAccount({ sandbox: { library } });
  const { checkpoints, settings } = account.runtime;
  await account.produceAll();
  await account.account.pace.attach('one', { role: 'worker', host: 'h', pid: 1, slots: 1, intervalMs: 0 });
  expect((await status(settings)).json).toMatchObject({
    pace: { circuit: null },
    left: { ends_at: expect.any(String) },
  });
  await openCircuit(checkpoints, { why: 'down' });
  await makeUnconfirmed(checkpoints, 'a', 'b');
  const from = Date.parse('2026-11-25T14:02:00.000Z');
  await checkpoints.client.zadd(`${checkpoints.prefix}:provisional`, from + 1, 'c', from, 'd');
  const iso = expect.stringMatching(/^\d{4}-.*Z$/);
  expect((await status(settings)).json).toMatchObject({
    pace: { circuit: { cause: 'outage', why: 'down', since: iso, next_probe_at: iso } },
    left: { ends_at: null },
    tests: { provisional: 2, provisional_from: '2026-11-25T14:02:00.000Z', unconfirmed: 2 },
  });
});

it('shows what one run took and changed, and says which runs are known where there is no such one', async () => {
  const account = await openCliAccount({ sandbox: { library } });
  const { settings } = account.runtime;
  await expect(status(settings, { run: 'latest' })).rejects.toThrow('There has been no run yet; npm start begins one.');
  const { id } = await account.produceAll();
  await classifyAll(account);
  const { lines, json } = await status(settings, { run: 'latest' });
  expect(lines.join('\n')).toMatch(
    new RegExp(
      `^Run +${id}, all workspaces\n[\\s\\S]*all 20 tests done[\\s\\S]*\nWhat changed \\(.*\\):\n  20 new tests\n`,
    ),
  );
  expect(json).toMatchObject({ run: { id, changes: { new: 20, classified: 20 } }, complete: true });
  await expect(status(settings, { run: '7' })).rejects.toThrow(
    `No run 7 is known (any more): the last ones are ${id}.`,
  );
});
