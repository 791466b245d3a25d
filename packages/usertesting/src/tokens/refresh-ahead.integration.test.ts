import { describe, expect, it, vi } from 'vitest';
import { giveTokens, tokenBench } from './token-bench.test.ts';

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

  it('keeps the old token while the endpoint is down, and comes again', async () => {
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
