import { openQueue, openRuntime } from '@inventory/runtime';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { allErrors } from '../../../../test/support/checkpoints.ts';
import { livelyAccount, oddWord } from '../../../../test/support/lively-account.ts';
import { openTestAccount, type TestAccount } from '../../../../test/support/open-test-account.ts';
import { needsPromtool, promtool } from '../../../../test/support/promtool.ts';
import { startOwnRedis } from '../../../../test/support/redis-servers.ts';
import { startBoard } from '../start-board.ts';
import { metricsRoute } from './metrics-route.ts';

let opened: TestAccount;
afterEach(() => opened[Symbol.asyncDispose]());

async function scrape(): Promise<string> {
  const { runtime, account } = opened;
  const errors = async () => (await allErrors(runtime.checkpoints)).map(([, error]) => error);
  const route = metricsRoute({
    runtime,
    queue: account.queue,
    errors,
    logger: runtime.logger,
    wrongPasswords: () => 3,
  });
  const response = await route.request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

describe('an empty account', () => {
  it('is all zeros, and promtool has nothing to say', async (context) => {
    opened = await openTestAccount();
    const text = await scrape();
    expect(text).toContain('\ninventory_up 1\n');
    expect(text).toContain('\ninventory_tests{platform="UTZ",type="survey"} 0\n');
    expect(text).toContain('\ninventory_errors_recorded_total{type="network_error"} 0\n');
    expect(text).toContain('\ninventory_workers 0\n');
    expect(text).toContain('\ninventory_circuit_open{cause="outage"} 0\n');
    expect(text).toContain('\ninventory_circuit_open_since_timestamp_seconds 0\n');
    expect(text).toContain('\ninventory_weak_verdicts{certainty="unconfirmed"} 0\n');
    expect(text).toMatch(/\ninventory_build_info\{version="\d+\.\d+\.\d+",node_version="v\d+[^"]*"\} 1\n/);
    needsPromtool(context);
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  });
});

describe('an account with errors and odd words', () => {
  it('is in the text as it is, and promtool has nothing to say', async (context) => {
    opened = await livelyAccount();
    const { accessToken, expiresAt } = await opened.account.tokens.current();
    const text = await scrape();
    for (const line of [
      'inventory_tests{platform="UTZ",type="survey"} 2',
      'inventory_tests{platform="ClassicUT",type="ClassicUT"} 1',
      'inventory_tests{platform="undecided",type="undecided"} 27',
      'inventory_open_tests 26',
      'inventory_errors{type="network_error"} 1',
      'inventory_errors{type="workspace_detail_http_error"} 1',
      'inventory_errors_recorded_total{type="network_error"} 1',
      'inventory_queue_jobs{state="waiting"} 30',
      'inventory_api_requests_total{endpoint="sessionResults",status="200"} 1',
      'inventory_api_requests_total{endpoint="videoDownloadUrl",status="network_error"} 1',
      'inventory_api_request_duration_seconds_bucket{endpoint="sessionResults",le="0.1"} 1',
      'inventory_api_request_duration_seconds_bucket{endpoint="sessionResults",le="30"} 2',
      'inventory_api_request_duration_seconds_bucket{endpoint="videoDownloadUrl",le="30"} 0',
      'inventory_api_request_duration_seconds_bucket{endpoint="videoDownloadUrl",le="+Inf"} 1',
      'inventory_api_request_duration_seconds_sum{endpoint="sessionResults"} 0.2',
      'inventory_api_request_duration_seconds_count{endpoint="sessionResults"} 2',
      'inventory_api_throttled_requests_total 1',
      'inventory_api_limited_seconds_total 30',
      'inventory_api_retries_total{endpoint="videoDownloadUrl",type="network_error"} 1',
      'inventory_api_limited{cause="refused"} 0',
      'inventory_queue_held{reason="auth"} 0',
      'inventory_circuit_open{cause="outage"} 1',
      'inventory_circuit_open{cause="controls"} 0',
      'inventory_circuit_open_since_timestamp_seconds 1750000000',
      'inventory_weak_verdicts{certainty="provisional"} 1',
      'inventory_weak_verdicts{certainty="unconfirmed"} 2',
      'inventory_pace_interval_seconds 1',
      'inventory_workers 1',
      'inventory_worker_slots 6',
      'inventory_workspaces 2',
      'inventory_token_refreshes_total 1',
      `inventory_token_expiry_timestamp_seconds ${expiresAt}`,
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(text.split(String.raw`"a \"quoted\" \\ word,\nüber {two} lines"`).length).toBeGreaterThan(4);
    expect(text).not.toContain(oddWord);
    expect(text).not.toContain(accessToken);
    needsPromtool(context);
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  });
});

describe('the board', () => {
  it('gives them with the errors that stand, to those who know the password', async () => {
    opened = await livelyAccount({ BOARD_PORT: '0', BOARD_PASSWORD: 'a long password' });
    const board = await startBoard({ runtime: opened.runtime });
    opened.use(() => board.stop());
    expect((await fetch(`${board.url}/metrics`)).status).toBe(401);
    const headers = { authorization: `Basic ${Buffer.from('admin:a long password').toString('base64')}` };
    const scraped = async () => (await fetch(`${board.url}/metrics`, { headers })).text();
    await expect.poll(scraped).toContain('\ninventory_errors{type="network_error"} 1\n');
  });
});

describe('while Redis', () => {
  it('does not answer, a scrape says so in time, and nothing piles up until it does', async (context) => {
    const redis = await startOwnRedis(onTestFinished);
    opened = await openTestAccount({ env: { REDIS_URL: redis.url } });
    const { settings } = opened.runtime;
    const runtime = await openRuntime({ settings, name: 'board' });
    const { queue } = openQueue(runtime);
    opened.use(() => runtime.close());
    opened.use(() => queue.close());
    const route = metricsRoute({
      runtime,
      queue,
      errors: async () => [],
      logger: runtime.logger,
      wrongPasswords: () => 0,
      withinMs: 100,
    });
    const text = async () => (await route.request('/metrics')).text();
    await expect.poll(text).toContain('\ninventory_up 1\n');
    const commands = async (): Promise<number> =>
      Number(/cmdstat_hgetall:calls=(\d+)/.exec(await runtime.client.info('commandstats'))?.[1]);
    const before = await commands();
    redis.freeze();
    const away = await Promise.all(Array.from({ length: 20 }, text));
    redis.thaw();
    for (const each of away) expect(each).toContain('\ninventory_up 0\n');
    expect(away[0]).not.toContain('inventory_tests');
    expect(away[0]).toContain('\nprocess_start_time_seconds ');
    await expect.poll(text).toContain('\ninventory_up 1\n');
    expect((await commands()) - before).toBeLessThanOrEqual(30);
    needsPromtool(context);
    expect(await promtool(['check', 'metrics'], away[0])).toEqual({ code: 0, output: '' });
  });

  it('holds what cannot be read, a scrape says so', async () => {
    opened = await openTestAccount();
    await opened.runtime.client.set(`${opened.runtime.settings.queuePrefix}:metrics`, 'not a hash');
    expect(await scrape()).toContain('\ninventory_up 0\n');
  });
});
