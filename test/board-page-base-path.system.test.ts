import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect } from 'vitest';
import { boardTest as it, type ShownAccount, showAccount } from './support/board-test.ts';
import { listLargeLibrary } from './support/list-large-library.ts';

const base = '/tools/inventory';
const endings: (() => Promise<void>)[] = [];
let account: ShownAccount;

beforeAll(async () => {
  account = await showAccount({
    env: { BOARD_BASE_PATH: `${base}/` },
    fill: ({ runtime }) => listLargeLibrary(runtime.checkpoints, 70),
    closing: (close) => void endings.push(close),
  });
  return async () => {
    for (const end of endings) await end();
  };
});

/**
 * A reverse proxy that shows the board below the path and nothing else.
 * @param strips whether it takes the path off the address
 */
async function proxyTo(board: string, strips: boolean): Promise<{ url: string; strays: string[] }> {
  const strays: string[] = [];
  const server = createServer((asked, answer) => {
    const path = asked.url ?? '';
    if (!path.startsWith(`${base}/`) && path !== base) {
      // Browsers ask for this one by themselves.
      if (path !== '/favicon.ico') strays.push(path);
      answer.writeHead(404).end();
      return;
    }
    if (strips && path === base) {
      answer.writeHead(301, { location: `${base}/` }).end();
      return;
    }
    const passed = request(board + (strips ? path.slice(base.length) : path), { headers: asked.headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy()).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, strays };
}

describe.each([
  ['passes the path on', false],
  ['takes the path off', true],
])('behind a proxy that %s', (_, strips) => {
  it('the page, its links, files and the queue all stay below the path', async ({ look }) => {
    const { url, strays } = await proxyTo(account.board.url, strips);
    const page = await look({ url }, { path: base });
    await page.getByRole('region', { name: 'Status' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${base}/`);
    // The style sheet is there: without it the skip link would be in view.
    expect(await page.evaluate('document.styleSheets[0].cssRules.length')).toBeGreaterThan(10);

    await page.getByRole('link', { name: 'Tests', exact: true }).click();
    await page.locator('table.listing[aria-busy=false]').waitFor();
    await page.getByRole('button', { name: 'Next' }).first().click();
    await page.getByText('51–70 of 70 tests').waitFor();
    expect(new URL(page.url()).pathname).toBe(`${base}/`);
    await page.locator('table.listing[aria-busy=false] a.title').first().click();
    await page.getByRole('button', { name: 'Copy UUID' }).waitFor();
    expect(page.url()).toContain(`${base}/?test=`);
    await page.reload();
    await page.getByRole('button', { name: 'Copy UUID' }).waitFor();
    await page.getByRole('link', { name: 'Test inventory' }).click();
    await page.getByRole('region', { name: 'Status' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('link', { name: 'Tests', exact: true }).click();

    const href = await page.getByRole('link', { name: 'CSV' }).evaluate((link) => Reflect.get(link, 'href'));
    expect(href).toContain(`${url}${base}/api/tests?`);
    expect((await (await fetch(String(href))).text()).split('\r\n')).toHaveLength(72);

    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByText('classify').first().waitFor();
    await page
      .getByRole('link', { name: /classify/ })
      .first()
      .click();
    await page.waitForURL(`**${base}/queues/queue/classify**`);
    await page.reload();
    await page.getByText('classify').first().waitFor();
    await page.getByRole('link', { name: 'Test inventory' }).click();
    await page.waitForURL(`**${base}/`);
    expect(strays).toEqual([]);
  });

  it('the API says where it is', async () => {
    const { url } = await proxyTo(account.board.url, strips);
    const description = JSON.parse(await (await fetch(`${url}${base}/api/openapi.json`)).text());
    expect(description.servers).toEqual([{ url: `${base}/api` }]);
    const answer = await fetch(new URL(`${description.servers[0].url}/summary`, url));
    expect(JSON.parse(await answer.text()).tests.total).toBe(70);
  });
});

it('health checks and scrapes need not know the path', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', `${base}/healthz`, `${base}/metrics`]) {
    expect([path, (await fetch(account.board.url + path)).status]).toEqual([path, 200]);
  }
  for (const path of [`${base}x/healthz`, `${base}${base}/healthz`, '/tools/healthz']) {
    expect([path, (await fetch(account.board.url + path)).status]).toEqual([path, 404]);
  }
});
