import { WorkCounts } from '@inventory/metrics';
import { openTestAccount, type TestAccount } from './open-test-account.ts';

/** Words that a careless writer of Prometheus' text format trips over. */
export const oddWord = 'a "quoted" \\ word,\nüber {two} lines';

/** An account in which something of everything has happened, errors and odd words included. */
export async function livelyAccount(env: Readonly<Record<string, string>> = {}): Promise<TestAccount> {
  const opened = await openTestAccount({
    sandbox: { library: { tests: 30, workspaces: 2, seed: 4 } },
    env: { REQUEST_INTERVAL_MS: '1000', ...env },
  });
  const { runtime, account } = opened;
  const { client, checkpoints } = runtime;
  const prefix = runtime.settings.queuePrefix;
  await opened.produceAll();
  await decideSome(opened);
  const failure = { status: 403, status_code: 403, error: oddWord, body: null, attempts: 1 };
  await checkpoints.listing.failWorkspace('w', { ...failure, type: 'workspace_detail_http_error' }, '1');
  const process = { role: oddWord, host: oddWord, pid: 1, slots: 6, intervalMs: 1000 };
  await account.pace.attach('p1', process);
  await client.del(`${prefix}:classify:limiter`);
  await account.pace.permit(0);
  await account.pace.refused(Date.now(), 60_000);
  await client.hset(`${prefix}:pause`, 'cause', oddWord);
  await client.set(`${prefix}:held`, oddWord);
  await client.hset(`${prefix}:circuit`, { cause: 'outage', why: oddWord, since: 1.75e12, until: 1.75e12 + 5_000 });
  await client.zadd(`${prefix}:provisional`, 1.75e12, 'a');
  await client.sadd(`${prefix}:unconfirmed`, 'b', 'c');
  await countSome(opened);
  return opened;
}

async function decideSome({ runtime: { checkpoints } }: TestAccount): Promise<void> {
  const uuids: string[] = [];
  for await (const page of checkpoints.inventory.pages()) uuids.push(...page.map(({ uuid }) => uuid));
  const [first, second, third, fourth] = uuids;
  const probed = { rule: 'x', source: 'probed' } as const;
  await checkpoints.test.decide(first ?? '', { category: 'survey', ...probed });
  await checkpoints.test.decide(second ?? '', { category: 'survey', ...probed });
  await checkpoints.test.decide(third ?? '', { category: 'ClassicUT', ...probed });
  const failure = { status: null, status_code: null, error: oddWord, body: null, attempts: 6 };
  await checkpoints.test.fail(fourth ?? '', { ...failure, type: 'network_error' });
}

async function countSome({ runtime: { keyspace, logger } }: TestAccount): Promise<void> {
  const counts = new WorkCounts(keyspace, logger);
  counts.requestEnded({ probe: 'sessions', status: 200, ms: 120 });
  counts.requestEnded({ probe: 'sessions', status: 429, ms: 80 });
  counts.requestEnded({ probe: 'video', status: 'network_error', ms: 45_000 });
  counts.requestEnded({ probe: oddWord, status: oddWord, ms: 1 });
  counts.stepRetried('video', 'network_error');
  counts.errorRecorded('network_error');
  counts.errorRecorded(oddWord);
  counts.limited({ from: Date.now() - 100_000, ms: 30_000 });
  await counts.written();
}
