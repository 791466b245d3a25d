import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';

test('the page may run the import map that stands in it, and nothing else in its markup', async () => {
  const board = await openTestBoard(onTestFinished);
  const answer = await board.get('/?test=a');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  const [, map = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(await answer.text()) ?? [];
  const digest = createHash('sha256').update(map).digest('base64');
  expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${digest}';`);
});

test('all that the import map names is there, with an ETag that saves sending it again', async () => {
  const board = await openTestBoard(onTestFinished);
  const markup = await (await board.get('/')).text();
  const [, map = '{}'] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(markup) ?? [];
  const sheets = [...markup.matchAll(/href="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const modules: string[] = Object.values(JSON.parse(map).imports);
  expect(modules.length).toBeGreaterThan(2);
  for (const path of [...modules, ...sheets]) {
    const answer = await board.get(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers.get('content-type')).toMatch(/^(text\/javascript|text\/css|image\/svg\+xml)/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    expect((await board.get(path, { 'if-none-match': etag })).status).toBe(304);
  }
});

test('nothing but the files of the page can be had', async () => {
  const board = await openTestBoard(onTestFinished);
  for (const path of [
    '/assets/vendor/preact/package.json',
    '/assets/vendor/chart.js/LICENSE.md',
    '/assets/vendor/zod/index.js',
    '/assets/page/..%2f..%2fsrc%2fmain.js',
    '/assets/styles/..%2f..%2f..%2fpackage.json',
    '/assets/page/%2e%2e/main.js',
    '/assets/page',
    '/assets/',
  ]) {
    expect([path, (await board.get(path)).status]).toEqual([path, 404]);
  }
});
