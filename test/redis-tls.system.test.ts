import { expect, it } from 'vitest';
import { makeCertificates } from './support/certificates.ts';
import { freePort, startRedisProcess } from './support/redis-servers.ts';
import { openSystemBench } from './support/system-bench.ts';

it('a Redis with TLS and a private authority needs NODE_EXTRA_CA_CERTS, and says so', async ({ onTestFinished }) => {
  const { authority, certificate, key } = await makeCertificates(onTestFinished);
  const port = await freePort();
  const files = ['--tls-ca-cert-file', authority, '--tls-cert-file', certificate, '--tls-key-file', key];
  const { url } = await startRedisProcess({
    afterTest: onTestFinished,
    args: [
      '--tls-port',
      String(port),
      ...files,
      '--tls-auth-clients',
      'no',
      '--requirepass',
      'geheim',
      '--appendonly',
      'yes',
    ],
  });
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { seed: 5, tests: 20, workspaces: 2 } },
    redisUrl: url,
    settings: { REDIS_URL: `rediss://:geheim@localhost:${port}` },
  });
  const refused = await bench.start();
  expect(refused).toEndWith({ code: 2 });
  expect(refused.stderr).toContain('NODE_EXTRA_CA_CERTS');
  expect(refused.stderr).not.toContain('geheim');
  expect(bench.sandbox.requests(), 'nothing is asked before Redis stands').toEqual([]);

  expect(await bench.start({ NODE_EXTRA_CA_CERTS: authority })).toEndWith({ code: 0, stderr: '' });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});
