import type { SandboxOptions } from '@inventory/sandbox';
import { expect, it } from 'vitest';
import { makeCertificates } from './support/certificates.ts';
import { type ForwardProxy, forwardProxy, type ProxySeen, refusal } from './support/forward-proxy.ts';
import { startRelay } from './support/relay.ts';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

type AfterTest = (work: () => Promise<void>) => void;

interface ProxiedBench {
  readonly bench: SystemBench;
  readonly proxy: ForwardProxy;
  /** Settings that lead to the API by TLS and by a name that only the proxy knows. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A simulated account behind TLS, and a proxy on the way to it. @param refuse as for `forwardProxy` */
async function openProxiedBench(
  afterTest: AfterTest,
  sandbox: SandboxOptions,
  refuse: (request: ProxySeen, nth: number) => string | null,
): Promise<ProxiedBench> {
  const bench = await openSystemBench({ afterTest, sandbox });
  const certificates = await makeCertificates(afterTest);
  const relay = await startRelay({ to: Number(new URL(bench.sandbox.url).port), afterTest, certificates });
  const proxy = await forwardProxy(refuse);
  afterTest(async () => proxy[Symbol.asyncDispose]());
  const origin = `https://api.test:${relay.port}`;
  const settings = {
    API_BASE_URL: origin,
    TOKEN_URL: `${origin}${new URL(bench.sandbox.tokenUrl).pathname}`,
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: '',
    NODE_EXTRA_CA_CERTS: certificates.authority,
  };
  return { bench, proxy, settings };
}

const refusals = [
  refusal('404 No such domain', '<html><title>404 - No such domain (proxy@corp)</title></html>'),
  refusal('403 Forbidden'),
  refusal('407 Proxy Authentication Required'),
  refusal('503 Service Unavailable'),
];

it.concurrent('a whole run through a proxy that refuses tunnels now and then ends right, with not one request more', async ({
  onTestFinished,
}) => {
  const kinds = ['interaction (video)', 'interaction (qx)', 'think-out-loud', 'survey', 'classic'] as const;
  let refused = 0;
  let refusing = false;
  const { bench, proxy, settings } = await openProxiedBench(
    onTestFinished,
    { library: libraryOf(...kinds, ...kinds, ...kinds) },
    () => (refusing ? (refusals[refused++ % refusals.length] ?? null) : null),
  );
  const program = bench.launch('cli', ['start', '--all'], { ...settings, REQUEST_INTERVAL_MS: '100' });
  for (const count of [4, 12, 20]) {
    await until(`${count} requests`, () => bench.asked().length >= count, 60_000);
    const before = refused;
    refusing = true;
    proxy.cut();
    await until('two refused tunnels', () => refused >= before + 2, 60_000);
    refusing = false;
  }
  expect(await program.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  const cutOff = bench.asked().length - bench.least();
  expect(cutOff, 'at most those on their way when the tunnels were cut').toBeLessThanOrEqual(3);
  expect(proxy.seen.every(({ method }) => method === 'CONNECT')).toBe(true);
});

it.concurrent('a proxy that refuses every tunnel to the Results API decides nothing; when it lets them through, the run ends right', async ({
  onTestFinished,
}) => {
  let refusing = true;
  const { bench, proxy, settings } = await openProxiedBench(
    onTestFinished,
    { library: libraryOf('survey', 'interaction (qx)', 'classic') },
    // The token and the listing have tunnels of their own, which come first.
    (_, nth) => (refusing && nth >= 2 ? (refusals[0] ?? null) : null),
  );
  const program = bench.launch('cli', ['start', '--all'], { ...settings, STEP_RETRIES: '100' });
  await until('five refused tunnels', () => proxy.seen.length >= 7, 60_000);
  expect(bench.asked()).toEqual([]);
  refusing = false;
  expect(await program.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  expect(bench.asked()).toHaveLength(bench.least());
});

it.concurrent.for(['403 Forbidden', '407 Proxy Authentication Required', '503 Service Unavailable'])(
  'a proxy that answers %s to every tunnel is named, and nobody is blamed for the credentials',
  async (status, { onTestFinished }) => {
    const { bench, settings } = await openProxiedBench(onTestFinished, { library: libraryOf('survey') }, () =>
      refusal(status, '{"error":"invalid_client"}'),
    );
    const { code, stderr } = await bench.launch('cli', ['token', '--force'], settings).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`the proxy at 127\\.0\\.0\\.1:\\d+ refused the tunnel \\(${status.slice(0, 3)}\\)`),
    );
    expect(stderr).not.toMatch(/CLIENT_|credentials/);
    expect(bench.sandbox.requests()).toEqual([]);
  },
);

it.concurrent('a proxy that asks for a password gets it decoded, and it stands in no output', async ({
  onTestFinished,
}) => {
  const expected = `Basic ${Buffer.from('some@one:p#s/s%:wörd').toString('base64')}`;
  const { bench, settings } = await openProxiedBench(
    onTestFinished,
    { library: libraryOf('survey', 'classic') },
    ({ headers }) => (headers['proxy-authorization'] === expected ? null : (refusals[2] ?? null)),
  );
  const user = `some%40one:${encodeURIComponent('p#s/s%:wörd')}`;
  const HTTPS_PROXY = settings['HTTPS_PROXY']?.replace('//', `//${user}@`) ?? '';
  const { code, stdout, stderr } = await bench.start({ ...settings, HTTPS_PROXY, LOG_LEVEL: 'trace' });
  expect(code).toBe(0);
  expect(stdout + stderr).not.toMatch(/p#s\/s|p%23s/);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('this machine is never asked through a proxy', async ({ onTestFinished }) => {
  const proxy = await forwardProxy(() => refusals[0] ?? null);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
  const address = `http://127.0.0.1:${proxy.port}`;
  const everywhere = { HTTP_PROXY: address, HTTPS_PROXY: address, ALL_PROXY: address, NO_PROXY: '' };
  expect(await bench.start(everywhere)).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  expect(proxy.seen).toEqual([]);
});

it.concurrent('a server that NO_PROXY names is asked without a proxy', async ({ onTestFinished }) => {
  const { bench, proxy, settings } = await openProxiedBench(
    onTestFinished,
    { library: libraryOf('survey') },
    () => null,
  );
  // Without the proxy, nobody knows the name.
  const { code, stderr } = await bench.launch('cli', ['token', '--force'], { ...settings, NO_PROXY: '.test' }).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/api\.test:\d+\/.* gave no complete answer \(its name cannot be resolved/);
  expect(proxy.seen).toEqual([]);
});

it.concurrent.for([
  ['socks5://127.0.0.1:1080', /HTTPS_PROXY names a SOCKS proxy, which is not supported/],
  ['http://user:hunter2222@', /HTTPS_PROXY is not the address of a proxy: expected http:\/\/HOST:PORT/],
] as const)(
  '%s is no proxy, which is said before anything is asked',
  async ([HTTPS_PROXY, words], { onTestFinished }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
    const { code, stderr } = await bench.start({ API_BASE_URL: 'https://api.test', HTTPS_PROXY, NO_PROXY: '' });
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('hunter2222');
    expect(bench.sandbox.requests()).toEqual([]);
  },
);
