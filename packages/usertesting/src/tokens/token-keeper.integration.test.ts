import { SecretRegistry } from '@inventory/logger';
import { describe, expect, it, vi } from 'vitest';
import { giveTokens, tokenBench } from './token-bench.test.ts';

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

describe('one token for the whole cluster', () => {
  it('the first process that needs one requests it with the documented form, and all use it', async () => {
    await using bench = await tokenBench();
    const keepers = Array.from({ length: 6 }, () => bench.keeper());
    const tokens = await Promise.all(keepers.flatMap((keeper) => [keeper.current(), keeper.current()]));
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['fresh-1']));
    expect(bench.endpoint.seen).toHaveLength(1);
    expect(bench.endpoint.seen[0]).toMatchObject({
      method: 'POST',
      url: '/oauth2/token',
      body: 'grant_type=client_credentials&client_id=client-1&client_secret=very-secret&scope=studies%3Aread',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(bench.told).toEqual([tokens[0]]);
    expect(tokens[0]).toMatchObject({ generation: 1, lifetimeMs: 3_600_000 });
    expect(Math.abs((tokens[0]?.expiresAt ?? 0) - inAnHour())).toBeLessThanOrEqual(2);
  });

  it('a 401 seen by all replaces the token once', async () => {
    await using bench = await tokenBench();
    const keepers = Array.from({ length: 6 }, () => bench.keeper());
    const used = await bench.keeper().current();
    const tokens = await Promise.all(keepers.flatMap((keeper) => [keeper.renew(used), keeper.renew(used)]));
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['fresh-2']));
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('a token that is no longer the shared one is not replaced again', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper();
    const old = await keeper.current();
    await keeper.renew(old);
    expect(await keeper.renew(old)).toMatchObject({ accessToken: 'fresh-2', generation: 2 });
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('an endpoint that gives the same token again is asked once for each renewal', async () => {
    await using bench = await tokenBench((response) => void response.end('{"access_token":"always-me"}'));
    const keeper = bench.keeper();
    const first = await keeper.current();
    expect(await keeper.renew(first)).toMatchObject({ accessToken: 'always-me', generation: 2 });
    expect(await keeper.renew(first)).toMatchObject({ generation: 2 });
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('an expired token is replaced', async () => {
    await using bench = await tokenBench();
    await bench.keeper().current();
    const later = bench.keeper({ now: () => Date.now() + 3_601_000 });
    expect(await later.current()).toMatchObject({ accessToken: 'fresh-2', generation: 2 });
  });

  it('another client, scope or token endpoint has a token of its own', async () => {
    await using bench = await tokenBench();
    await bench.keeper().current();
    expect(await bench.keeper({ scope: 'other' }).current()).toMatchObject({ accessToken: 'fresh-2' });
    expect(await bench.keeper({ clientId: 'client-2' }).current()).toMatchObject({ accessToken: 'fresh-3' });
  });

  it('the lock of a dead process is waited for until it expires', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper();
    const used = await keeper.current();
    const [record] = await bench.redis.keys(`${bench.prefix}:token:*`);
    const lock = String(record).replace(':token:', ':token-lock:');
    const begun = performance.now();
    await bench.redis.set(lock, 'a dead process', 'PX', 400);
    expect(await keeper.renew(used)).toMatchObject({ accessToken: 'fresh-2' });
    expect(performance.now() - begun).toBeGreaterThan(300);
    expect(await bench.redis.exists(lock)).toBe(0);
  });

  it('a Redis that lost everything gets a new token', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper();
    const used = await keeper.current();
    await bench.redis.del(...(await bench.redis.keys(`${bench.prefix}*`)));
    expect(await keeper.renew(used)).toMatchObject({ accessToken: 'fresh-2', generation: 1 });
  });
});

describe('the token of the settings', () => {
  it('is shared and used while it is valid', async () => {
    await using bench = await tokenBench();
    const expiresAt = inAnHour();
    await bench.keeper({ initial: { accessToken: 'from-env', expiresAt } }).current();
    expect(await bench.keeper().current()).toMatchObject({ accessToken: 'from-env', expiresAt });
    expect(bench.endpoint.seen).toHaveLength(0);
  });

  it.each([0, 1, Math.floor(Date.now() / 1000) - 1])('is not used with the expiry %i', async (expiresAt) => {
    await using bench = await tokenBench();
    const keeper = bench.keeper({ initial: { accessToken: 'from-env', expiresAt } });
    expect(await keeper.current()).toMatchObject({ accessToken: 'fresh-1' });
  });

  it('does not displace a shared one that is valid', async () => {
    await using bench = await tokenBench();
    await bench.keeper().current();
    const keeper = bench.keeper({ initial: { accessToken: 'from-env', expiresAt: inAnHour() } });
    expect(await keeper.current()).toMatchObject({ accessToken: 'fresh-1' });
  });

  it('is not offered again once it was refused', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper({ initial: { accessToken: 'from-env', expiresAt: inAnHour() } });
    const given = await keeper.current();
    await bench.redis.del(...(await bench.redis.keys(`${bench.prefix}*`)));
    expect(await keeper.renew(given)).toMatchObject({ accessToken: 'fresh-1' });
  });
});

describe('secrets', () => {
  it('every token is registered, and none is logged or stored outside its one place', async () => {
    await using bench = await tokenBench();
    const secrets = new SecretRegistry();
    const keeper = bench.keeper({ secrets });
    await keeper.renew(await keeper.current());
    expect(secrets.clean('fresh-1 fresh-2 very-secret')).toBe('[secret] [secret] [secret]');
    expect(bench.log.join('')).not.toMatch(/fresh-|very-secret/);
    expect(await bench.redis.keys(`${bench.prefix}*`)).toHaveLength(1);
  });
});

describe('refreshing in the background', () => {
  const shortLived: typeof giveTokens = (response, _request, nth) => {
    response.end(JSON.stringify({ access_token: `short-${nth + 1}`, expires_in: 2 }));
  };

  it('replaces a token at half its life, once for all processes', async () => {
    await using bench = await tokenBench(shortLived);
    const keepers = [bench.keeper(), bench.keeper(), bench.keeper()];
    for (const keeper of keepers) keeper.start();
    await vi.waitFor(() => expect(bench.told.length).toBeGreaterThanOrEqual(3), { timeout: 20_000 });
    for (const [index, token] of bench.told.entries()) {
      const previous = bench.told[index - 1];
      if (previous === undefined) continue;
      const age = token.obtainedAt - previous.obtainedAt;
      expect(token.generation).toBe(previous.generation + 1);
      expect(age).toBeGreaterThanOrEqual(990);
    }
  });

  it('keeps the old token while the endpoint is down, and tries again', async () => {
    await using bench = await tokenBench((response, request, nth) => {
      if (nth === 1) response.writeHead(503).end();
      else giveTokens(response, request, nth);
    });
    // Fifty-six minutes into an hour: due, yet valid.
    let skewMs = 0;
    const keeper = bench.keeper({ retries: 0, now: () => Date.now() + skewMs });
    const old = await keeper.current();
    skewMs = 56 * 60_000;
    keeper.start();
    await vi.waitFor(() => expect(bench.endpoint.seen.length).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
    expect(await keeper.current()).toEqual(old);
    await vi.waitFor(() => expect(bench.told).toHaveLength(2), { timeout: 20_000 });
    expect(await keeper.current()).toMatchObject({ accessToken: 'fresh-3' });
  });

  it('ends at once when stopped, also while it waits for the endpoint', async () => {
    await using bench = await tokenBench(() => undefined);
    const keeper = bench.keeper();
    keeper.start();
    await vi.waitFor(() => expect(bench.endpoint.seen).toHaveLength(1), { timeout: 10_000 });
    const begun = performance.now();
    await keeper.stop();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
