import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';

test('the markup of the page holds no script of its own, so that none may run', async () => {
  const board = await openTestBoard(onTestFinished);
  const answer = await board.get('/?test=a');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await answer.text()).match(/<script[^>]*>/g)).toEqual(['<script type="module" src="assets/main.js">']);
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
});

test('all files that the page names are there, with an ETag that saves sending them again', async () => {
  const board = await openTestBoard(onTestFinished);
  const markup = await (await board.get('/')).text();
  const files = Array.from(markup.matchAll(/(?:href|src)="(assets\/[^"]+)"/g), ([, path = '']) => `/${path}`);
  expect(files.sort()).toEqual(['/assets/icon.svg', '/assets/main.js', '/assets/page.css']);
  for (const path of ['/', ...files]) {
    const answer = await board.get(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers.get('content-type')).toMatch(/^(text\/(html|javascript|css)|image\/svg\+xml)/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    expect((await board.get(path, { 'if-none-match': etag })).status).toBe(304);
  }
});

test('nothing but the files of the page is served', async () => {
  const board = await openTestBoard(onTestFinished);
  for (const path of [
    '/assets/index.html',
    '/assets/.tsbuildinfo',
    '/assets/..%2fmain.js',
    '/assets/%2e%2e/main.js',
    '/assets/..%2f..%2fpackage.json',
    '/assets',
    '/assets/',
  ]) {
    expect([path, (await board.get(path)).status]).toEqual([path, 404]);
  }
});
