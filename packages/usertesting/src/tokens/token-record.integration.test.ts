import { Keyspace } from '@inventory/redis';
import { describe, expect, it } from 'vitest';
import { tokenBench } from './token-bench.test.ts';
import { readTokenFacts, TokenRecord } from './token-record.ts';

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

describe('two fresh tokens in a row refused', () => {
  it('mean that the account is refused', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper();
    expect(await keeper.refused(await keeper.current())).toBe('renewed');
    expect(await keeper.refused(await keeper.current())).toBe('give-up');
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('are counted over all processes, and one token once however often it is refused', async () => {
    await using bench = await tokenBench();
    const keepers = Array.from({ length: 4 }, () => bench.keeper());
    const first = await bench.keeper().current();
    const answers = await Promise.all([...keepers, ...keepers].map((keeper) => keeper.refused(first)));
    expect(new Set(answers)).toEqual(new Set(['renewed']));
    const second = await bench.keeper().current();
    const verdicts = await Promise.all(keepers.map((keeper) => keeper.refused(second)));
    expect(new Set(verdicts)).toEqual(new Set(['give-up']));
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('a success in any process between them starts the count anew', async () => {
    await using bench = await tokenBench();
    const [keeper, other] = [bench.keeper(), bench.keeper()];
    await keeper.refused(await keeper.current());
    await other.accepted(await other.current());
    const accepted = await keeper.current();
    expect(await keeper.refused(accepted)).toBe('renewed');
    expect(await keeper.refused(await keeper.current())).toBe('renewed');
    expect(await keeper.refused(await keeper.current())).toBe('give-up');
  });

  it('a token of the settings, or one that was accepted before, is not a fresh one', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper({ initial: { accessToken: 'from-env', expiresAt: inAnHour() } });
    expect(await keeper.refused(await keeper.current())).toBe('renewed');
    expect(await keeper.refused(await keeper.current())).toBe('renewed');
    expect(await keeper.refused(await keeper.current())).toBe('give-up');
  });

  it('a success of the next token ends it', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper();
    await keeper.refused(await keeper.current());
    const second = await keeper.current();
    expect(await keeper.refused(second)).toBe('give-up');
    const third = await keeper.renew(second);
    await keeper.accepted(third);
    expect(await keeper.refused(third)).toBe('renewed');
  });
});

describe('tokens obtained', () => {
  it('are counted over all processes, without those of the settings', async () => {
    await using bench = await tokenBench();
    const owner = { clientId: 'client-1', tokenUrl: `${bench.endpoint.url}/oauth2/token`, scope: 'studies:read' };
    const obtained = async () => (await readTokenFacts(bench.keyspace, owner)).obtained;
    expect(await obtained()).toBe(0);
    const keeper = bench.keeper({ initial: { accessToken: 'from-env', expiresAt: inAnHour() } });
    const given = await keeper.current();
    expect(await obtained()).toBe(0);
    await Promise.all([keeper, bench.keeper(), bench.keeper()].map((each) => each.renew(given)));
    expect(await obtained()).toBe(1);
    await bench.keeper().renew(await keeper.current());
    expect(await obtained()).toBe(2);
  });
});

describe('what a success costs', () => {
  it('is one command in Redis for a new token, and none after that', async () => {
    await using bench = await tokenBench();
    const connection = bench.redis.duplicate();
    const keeper = bench.keeper({ keyspace: new Keyspace(connection, bench.prefix) });
    const token = await keeper.current();
    await keeper.accepted(token);
    connection.disconnect();
    await keeper.accepted(token);
    await expect(keeper.accepted({ ...token, generation: 2 })).rejects.toThrow('Connection is closed');
  });
});

describe('the record of a token', () => {
  const owner = { clientId: 'client-1', tokenUrl: 'http://token.test', scope: 'studies:read' };
  const token = { accessToken: 'one', expiresAt: inAnHour(), obtainedAt: 5, lifetimeMs: 7 };

  it('is as it was when ioredis sends a save twice', async () => {
    await using bench = await tokenBench();
    const record = new TokenRecord(bench.keyspace, owner);
    await record.save(0, token, 'obtained');
    await record.save(0, token, 'obtained');
    expect(await record.read()).toEqual({ token: { ...token, generation: 1 }, accepted: 0, refusals: false });
  });

  it.each([
    ['an hour', 3_600_000, 2 * 3_600_000],
    ['no time', 7, 3_600_007],
    ['for ever', Number.MAX_SAFE_INTEGER, 366 * 86_400_000 + 3_600_000],
  ])('of a token that lives %s ends by itself an hour later, within a year', async (_what, lifetimeMs, most) => {
    await using bench = await tokenBench();
    const record = new TokenRecord(bench.keyspace, owner);
    await record.save(0, { ...token, lifetimeMs }, 'obtained');
    const [key = ''] = await bench.redis.keys(`${bench.prefix}:token:*`);
    const left = await bench.redis.pttl(key);
    expect(left).toBeGreaterThan(most - 60_000);
    expect(left).toBeLessThanOrEqual(most);
    // Neither an answer nor a refusal makes it last for ever.
    await record.accept(1);
    await record.refuse(1);
    expect(await bench.redis.pttl(key)).toBeGreaterThan(0);
  });

  it('that has ended is begun anew by a process that knows an older generation', async () => {
    await using bench = await tokenBench();
    const record = new TokenRecord(bench.keyspace, owner);
    const keeper = bench.keeper();
    const before = await keeper.current();
    await bench.redis.del(...(await bench.redis.keys(`${bench.prefix}:token:*`)));
    expect(await keeper.renew(before)).not.toMatchObject({ accessToken: before.accessToken });
    expect((await record.read()).refusals).toBe(false);
  });

  it('keeps the token of the process that was faster', async () => {
    await using bench = await tokenBench();
    const record = new TokenRecord(bench.keyspace, owner);
    await record.save(4, { ...token, accessToken: 'faster' }, 'obtained');
    await record.save(4, token, 'obtained');
    expect(await record.read()).toMatchObject({ token: { accessToken: 'faster', generation: 5 } });
  });

  it('is not created by a success or a refusal', async () => {
    await using bench = await tokenBench();
    const record = new TokenRecord(bench.keyspace, owner);
    await record.accept(3);
    expect(await record.refuse(3)).toBe(false);
    expect(await bench.redis.keys(`${bench.prefix}*`)).toEqual([]);
  });
});
