import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RedisServer } from '@inventory/redis';
import { Redis } from 'ioredis';
import { openTestAccount, type TestAccount } from '../support/account.ts';
import { makeCertificates } from '../support/certificates.ts';
import { forwardProxy, refusal } from '../support/forward-proxy.ts';
import { startChaosRedis } from './chaos-redis.ts';
import { libraryOf, type Plan } from './plan.ts';
import { Processes } from './processes.ts';
import { startTcpProxy } from './tcp-proxy.ts';

/** The three state files, parsed. */
export type StateFiles = Awaited<ReturnType<TestAccount['files']>>;

/** What a run happens in: account, Redis, connections and processes. */
export type World = Awaited<ReturnType<typeof openWorld>>;

/** Lines of a settings file that a new token must leave alone. */
export const otherEnvLines = ['# kept as it is', 'UNKNOWN="to us"'] as const;

/** Builds the world of a plan in a temporary folder. */
export async function openWorld(plan: Plan, program: RedisServer) {
  const closing: (() => Promise<unknown>)[] = [];
  const afterRun = (work: () => Promise<unknown>): void => void closing.push(work);
  const clientSecret = `chaos-secret-${randomUUID()}`;
  const password = `chaos-password-${randomUUID()}`;
  const proxyPassword = `chaos@proxy:${randomUUID()}`;
  const certificates = plan.proxied ? await makeCertificates(afterRun) : null;
  const tls = certificates && {
    key: await readFile(certificates.key, 'utf8'),
    certificate: await readFile(certificates.certificate, 'utf8'),
  };
  const { seed, clocks } = plan;
  const clockSkewMs = clocks?.serverShiftMs ?? 0;
  const options = { ...plan.sandbox, ...(tls && { tls }), library: libraryOf(plan), clientSecret, clockSkewMs, seed };
  const account = await openTestAccount(options, '');
  const folder = dirname(account.stateDir);
  const ownClock = plan.events.some(({ trouble }) => trouble.kind === 'redis-clock');
  const redis = await startChaosRedis({ program, folder, afterRun, password, ownClock });
  const lines = {
    redis: await startTcpProxy({ path: redis.url }),
    api: await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(account.sandbox.url).port) }),
  };
  const proxy = certificates && (await startProxy('chaos', proxyPassword));
  const api = `${proxy ? 'https://api.test' : 'http://127.0.0.1'}:${lines.api.port}`;
  const envFile = plan.envFile ? join(folder, 'settings.env') : null;
  if (envFile !== null) await writeFile(envFile, `${otherEnvLines.join('\n')}\n`, { mode: 0o600 });
  const settings: Readonly<Record<string, string>> = {
    ...account.settings,
    ...plan.settings,
    API_BASE_URL: api,
    TOKEN_URL: `${api}${new URL(account.sandbox.tokenUrl).pathname}`,
    ...(proxy && {
      HTTPS_PROXY: `http://chaos:${encodeURIComponent(proxyPassword)}@127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificates.authority,
    }),
    REDIS_URL: `redis://:${password}@127.0.0.1:${lines.redis.port}`,
    LOG_LEVEL: 'trace',
    ...(envFile !== null && { ENV_FILE: envFile }),
  };
  const client = new Redis(redis.url, { password, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  return {
    account,
    redis,
    /** The runner's own connection, past the line that is cut. */
    client,
    prefix: settings['QUEUE_PREFIX'] ?? '',
    lines,
    /** Through which all requests go, or null. */
    proxy,
    processes: new Processes(settings, plan),
    /** The settings file, or null. */
    envFile,
    /** What must not stand anywhere. */
    secrets: [
      ...[clientSecret, password, proxyPassword, encodeURIComponent(proxyPassword)],
      ...['sandbox-token-', 'transcript-marker', 'video-marker'],
    ],
    async close(): Promise<void> {
      client.disconnect();
      await Promise.all([proxy?.close(), lines.redis.close(), lines.api.close()]);
      for (const close of closing) await close();
      await account.close();
    },
  };
}

/** A proxy for one user, which refuses everybody else with 407. */
async function startProxy(user: string, password: string) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  let refusing: string | null = null;
  const proxy = await forwardProxy(({ headers }) => {
    const isUser = headers['proxy-authorization'] === authorization;
    const status = isUser ? refusing : '407 Proxy Authentication Required';
    return status === null ? null : refusal(status, '<!doctype html><html><h1>The proxy says no</h1></html>');
  });
  return {
    port: proxy.port,
    /** Breaks all tunnels, and refuses new ones with a status unless it is null. @returns what ends that */
    cut(status: number | null): () => void {
      refusing = status === null ? null : `${status} No`;
      proxy.cut();
      return () => {
        refusing = null;
      };
    },
    close: () => proxy[Symbol.asyncDispose](),
  };
}
