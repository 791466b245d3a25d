import { describe, expect, it } from 'vitest';
import { CredentialsRefusedError, TokenEndpointDownError } from '../errors.ts';
import { giveTokens, tokenBench } from './token-bench.test.ts';

const fail = (status: number, body = '') => ({ status, body });

/** An endpoint that answers with each of `first` once, then gives tokens. */
function after(...first: { status: number; body: string }[]): typeof giveTokens {
  return (response, request, nth) => {
    const failure = first[nth];
    if (failure === undefined) giveTokens(response, request, nth);
    else response.writeHead(failure.status).end(failure.body);
  };
}

describe('the token endpoint fails', () => {
  it.each([
    ['a 503', fail(503)],
    ['a 429', fail(429)],
    ['an answer without a token', fail(200, '{}')],
    ['an answer that is not JSON', fail(200, '<html>')],
    ['a 400 of a firewall', fail(400, '<html>')],
    ['a 401 without a body', fail(401)],
    ['a 403 of a firewall', fail(403, '<html><title>Request blocked</title></html>')],
    ['a 403 of a gateway in JSON', fail(403, '{"message":"Forbidden"}')],
    ['a 404 of a gateway', fail(404, '<html>')],
  ])('%s is retried', async (_what, failure) => {
    await using bench = await tokenBench(after(failure, failure));
    expect(await bench.keeper().current()).toMatchObject({ accessToken: 'fresh-3' });
  });

  it('Retry-After is waited for', async () => {
    await using bench = await tokenBench((response, request, nth) => {
      if (nth === 0) response.writeHead(429, { 'retry-after': '1' }).end();
      else giveTokens(response, request, nth);
    });
    await bench.keeper().current();
    const [first, second] = bench.endpoint.seen;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('a permanent failure is reported without secrets', async () => {
    await using bench = await tokenBench((response) => void response.writeHead(502).end('very-secret'));
    const error = await bench
      .keeper({ retries: 1 })
      .current()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenEndpointDownError);
    expect(error).toMatchObject({ status: 502, body: null });
    expect(bench.endpoint.seen).toHaveLength(2);
    expect(`${error} ${bench.log.join('')}`).not.toContain('very-secret');
  });

  it.each([
    [401, '{"error":"invalid_client","error_description":"The client secret is invalid."}'],
    [400, '{"error":"unauthorized_client"}'],
    [403, '{"errorCode":"E0000006","errorSummary":"You do not have permission."}'],
    [401, '{"errorCode":"invalid_client","errorSummary":"No client credentials found."}'],
  ])('credentials refused with %i %s are not tried again', async (status, body) => {
    await using bench = await tokenBench(after(fail(status, body)));
    const error = await bench
      .keeper()
      .current()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialsRefusedError);
    expect(error).toMatchObject({ message: expect.stringContaining('Check CLIENT_ID and CLIENT_SECRET') });
    expect(bench.endpoint.seen).toHaveLength(1);
  });

  it('a permanent 403 of a firewall is no refusal of the credentials', async () => {
    await using bench = await tokenBench((response) => void response.writeHead(403).end('<html>'));
    const error = await bench
      .keeper({ retries: 1 })
      .current()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenEndpointDownError);
    expect(error).toMatchObject({ status: 403, message: expect.stringContaining('a firewall, gateway or proxy') });
    expect(String(error)).not.toMatch(/CLIENT_|credentials|permission/);
    expect(bench.endpoint.seen).toHaveLength(2);
  });

  it('a longer pause than is waited for here is left to the caller', async () => {
    await using bench = await tokenBench((response) => void response.writeHead(503, { 'retry-after': '90' }).end());
    await expect(bench.keeper().current()).rejects.toMatchObject({ retryAfterMs: 90_000 });
    expect(bench.endpoint.seen).toHaveLength(1);
  });

  it('a redirect is not followed, so that the secret goes nowhere else', async () => {
    await using elsewhere = await tokenBench();
    await using bench = await tokenBench((response) => {
      response.writeHead(307, { location: elsewhere.endpoint.url }).end();
    });
    await expect(bench.keeper().current()).rejects.toBeInstanceOf(TokenEndpointDownError);
    expect(elsewhere.endpoint.seen).toHaveLength(0);
  });

  it('a failure to save the new token elsewhere does not affect its use', async () => {
    await using bench = await tokenBench();
    const keeper = bench.keeper({ onNewToken: () => Promise.reject(new Error('disk full')) });
    expect(await keeper.current()).toMatchObject({ accessToken: 'fresh-1' });
    expect(bench.log.join('')).toContain('disk full');
  });
});
