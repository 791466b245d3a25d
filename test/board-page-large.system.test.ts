import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { boardTest as it, type ShownAccount, showAccount } from './support/board-test.ts';
import { largeUuid, listLargeLibrary } from './support/list-large-library.ts';
import { until } from './support/until.ts';

const endings: (() => Promise<void>)[] = [];
let account: ShownAccount;

beforeAll(async () => {
  account = await showAccount({
    fill: ({ runtime }) => listLargeLibrary(runtime.checkpoints, 100_000),
    closing: (close) => endings.push(close),
  });
  await until('the board has read all tests', async () => (await fetch(`${account.board.url}/api/summary`)).ok, 60_000);
});
afterAll(async () => {
  for (const end of endings) await end();
});

const range = (page: Page, text: string): Promise<void> => page.getByText(text, { exact: true }).first().waitFor();
const firstTitle = (page: Page): Promise<string | null> => page.locator('tbody .title').first().textContent();

it('finds one of 100,000 tests by title or UUID, and a link to what was found shows it again', async ({ look }) => {
  const page = await look(account.board);
  const search = page.getByRole('searchbox');
  await search.fill('012345 tEsT');
  await range(page, '1 test');
  expect(await firstTitle(page)).toBe('Test 012345');
  await search.fill(largeUuid(77_777).slice(0, 13));
  await page.locator('tbody .title').getByText('Test 077777').waitFor();
  await range(page, '1 test');
  await search.fill('no such test');
  await range(page, 'No test matches');
  const { pathname, search: query } = new URL(page.url());
  const again = await look(account.board, { path: pathname + query });
  await range(again, 'No test matches');
  expect(await again.getByRole('searchbox').inputValue()).toBe('no such test');
});

it('filters by type, platform and workspace, offers the same as files, and "back" undoes it', async ({ look }) => {
  const page = await look(account.board);
  await page.getByRole('link', { name: /^Survey/ }).click();
  await range(page, '1–50 of 14,286 tests');
  await page.getByRole('combobox', { name: 'Workspace' }).selectOption({ label: 'Mobile app' });
  await range(page, '1–50 of 3,572 tests');
  const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  const lines = (await (await fetch(new URL(String(csv), account.board.url))).text()).trim().split('\n');
  expect(lines).toHaveLength(3_572 + 1);
  await page.getByRole('combobox', { name: 'Platform' }).selectOption('ClassicUT');
  await range(page, 'No test matches');
  await page.goBack();
  await range(page, '1–50 of 3,572 tests');
  await page.getByRole('button', { name: 'Clear' }).click();
  await range(page, '1–50 of 100,000 tests');
  await page.getByRole('combobox', { name: 'Type' }).selectOption('undecided');
  await range(page, '1–50 of 14,285 tests');
});

it('sorts by each column, both ways, and tells screen readers', async ({ look }) => {
  const page = await look(account.board, { path: '/?view=tests' });
  await range(page, '1–50 of 100,000 tests');
  expect(await firstTitle(page)).toBe('Test 099999');
  const heading = page.getByRole('columnheader', { name: 'Test' });
  await heading.getByRole('button').click();
  await page.locator('tbody .title').first().getByText('Test 000000').waitFor();
  expect(await heading.getAttribute('aria-sort')).toBe('ascending');
  await heading.getByRole('button').click();
  await page.locator('tbody .title').first().getByText('Test 099999').waitFor();
  expect(await heading.getAttribute('aria-sort')).toBe('descending');
  for (const name of ['Type', 'Workspace', 'Classified', 'Ordered']) {
    await page.getByRole('columnheader', { name }).getByRole('button').click();
    await page.locator('table.listing[aria-busy=false]').waitFor();
  }
  expect(new URL(page.url()).search).toBe('?view=tests');
});

it('turns pages forward and back, with its buttons and with those of the browser', async ({ look }) => {
  const page = await look(account.board, { path: '/?view=tests' });
  const pages = page.getByRole('navigation', { name: 'Pages' }).first();
  await range(page, '1–50 of 100,000 tests');
  await pages.getByRole('button', { name: 'Next' }).click();
  await range(page, '51–100 of 100,000 tests');
  await page.getByText('Test 099949').waitFor();
  await pages.getByRole('button', { name: 'Next' }).click();
  await range(page, '101–150 of 100,000 tests');
  await pages.getByRole('button', { name: 'Previous' }).click();
  await range(page, '51–100 of 100,000 tests');
  await page.goBack();
  await range(page, '101–150 of 100,000 tests');
  const { pathname, search } = new URL(page.url());
  const linked = await look(account.board, { path: pathname + search });
  await range(linked, '101–150 of 100,000 tests');
  await linked.getByRole('button', { name: 'First' }).first().click();
  await range(linked, '1–50 of 100,000 tests');
});
