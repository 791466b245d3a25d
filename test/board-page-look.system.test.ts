import type { LibraryData } from '@inventory/sandbox';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { boardTest as it, type ShownAccount, showAccount } from './support/board-test.ts';
import { lowContrast, paleBars } from './support/contrast.ts';
import { listLargeLibrary } from './support/list-large-library.ts';
import { classifyAll } from './support/open-test-account.ts';

const markup = '<script>document.title = "taken"</script> & "quotes" <img src=x onerror=alert(1)>';
const library: LibraryData = {
  workspaces: [{ name: '<b>Büro</b>' }, { name: 'أبحاث' }],
  tests: [
    { kind: 'think-out-loud', title: 'Checkout, spoken' },
    { kind: 'classic', title: markup },
    { kind: 'survey', title: `A title without any space ${'0123456789'.repeat(20)}` },
    ...Array.from({ length: 40 }, (_, index) => ({ kind: 'no-sessions', title: `Filler ${index}` }) as const),
    { kind: 'interaction (video)', title: 'Refused by the API' },
  ],
};
const endings: (() => Promise<void>)[] = [];
const closing = (close: () => Promise<void>): void => void endings.push(close);
let account: ShownAccount;
/** Ten tests of each type, all of one month. */
let colours: ShownAccount;

beforeAll(async () => {
  account = await showAccount({ sandbox: { library }, closing });
  colours = await showAccount({ fill: ({ runtime }) => listLargeLibrary(runtime.checkpoints, 70), closing });
  const refused = {
    kind: 'status',
    status: 403,
    endpoint: 'videoDownloadUrl',
    testUuid: uuidOf('Refused by the API'),
  } as const;
  account.sandbox.faults.add(refused);
  await account.produceAll();
  await classifyAll(account);
});
afterAll(async () => {
  for (const end of endings) await end();
});

function uuidOf(title: string): string {
  return [...account.sandbox.library.tests()].find((test) => test.title === title)?.uuid ?? '';
}

/** The view of all tests. */
const table = { path: '/?view=tests' };

async function ready(page: Page): Promise<Page> {
  await page.locator('table.listing[aria-busy=false]').waitFor();
  return page;
}

describe('the page of a test', () => {
  it('shows its way through the probes, each answer with its time, and commands to copy', async ({ look }) => {
    const uuid = uuidOf('Checkout, spoken');
    const page = await look(account.board, {
      path: `/?test=${uuid}`,
      permissions: ['clipboard-write', 'clipboard-read'],
    });
    await page.getByRole('heading', { name: 'Checkout, spoken' }).waitFor();
    await page.getByText('transcript said 200: think-out-loud test').waitFor();
    await page.getByText('classified by probe').waitFor();
    const answers = await page.locator('.tree .on > .probe').allInnerTexts();
    expect(answers.map((text) => text.split('\n').slice(0, 2).join(' '))).toEqual([
      'sessionResults 200 has sessions',
      'videoDownloadUrl 404 not available',
      'qxScores 404 not available',
      'transcript 200 available',
    ]);
    expect(answers.join('\n').match(/\d{4}, \d\d:\d\d:\d\d/g)).toHaveLength(4);
    expect(await page.locator('.tree .on > .leaf').allTextContents()).toEqual(['Think-out-loud test ✓ this test']);
    await page.getByRole('button', { name: 'Copy the forget command' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`npm run forget -- ${uuid}`);
    await page.getByRole('button', { name: 'Copy UUID' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(uuid);
  });

  it('leads back to the row and the scroll position where the reader came from', async ({ look }) => {
    const page = await ready(await look(account.board, table));
    const link = page.getByRole('link', { name: 'Filler 30', exact: true });
    await link.scrollIntoViewIfNeeded();
    const place = await page.evaluate('scrollY');
    expect(place).toBeGreaterThan(0);
    await link.click();
    await page.getByText('sessionResults said 200 without sessions').waitFor();
    await page.getByRole('link', { name: 'All tests' }).click();
    await ready(page);
    expect(await page.evaluate('scrollY')).toBe(place);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Filler 30');
  });

  it('names the tests whose UUIDs begin like an unknown one', async ({ look, expectedErrors }) => {
    expectedErrors.push(/404/);
    const uuid = uuidOf('Checkout, spoken');
    const page = await look(account.board, { path: `/?test=${uuid.slice(0, -2)}zz` });
    await page.getByRole('alert').getByRole('link', { name: uuid }).click();
    await page.getByRole('heading', { name: 'Checkout, spoken' }).waitFor();
  });
});

it('can be used with the keyboard alone', async ({ look }) => {
  const page = await look(account.board);
  await page.getByRole('region', { name: 'Status' }).waitFor();
  const press = async (key: string, until: string): Promise<void> => {
    for (let left = 80; left > 0 && (await page.evaluate(until)) !== true; left -= 1) await page.keyboard.press(key);
    expect(await page.evaluate(until)).toBe(true);
  };
  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.name')).toBe('q');
  await page.keyboard.type('spoken');
  await page.getByText('1 test', { exact: true }).waitFor();
  await press('Tab', 'document.activeElement.className === "title"');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Checkout, spoken' }).waitFor();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
});

it('shows markup in titles and names as text', async ({ look }) => {
  const page = await ready(await look(account.board, table));
  await page.getByRole('link', { name: markup, exact: true }).click();
  await page.getByRole('heading', { name: markup, exact: true }).waitFor();
  await page.getByRole('link', { name: '<b>Büro</b>', exact: true }).waitFor();
  expect(await page.locator('#app script, #app img, #app b:text("Büro")').count()).toBe(0);
  expect(await page.title()).not.toBe('taken');
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it('every text can be read: its contrast is at least 4.5 to 1', async ({ look }) => {
    const page = await ready(await look(account.board, { ...table, colorScheme }));
    expect(await page.evaluate(lowContrast)).toEqual([]);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('region', { name: 'Latest results' }).waitFor();
    expect(await page.evaluate(lowContrast)).toEqual([]);
    for (const [title, heading] of [
      ['Refused by the API', 'unclassified_error (status 403)'],
      ['Checkout, spoken', 'Decision tree'],
    ] as const) {
      await page.goto(`${account.board.url}/?test=${uuidOf(title)}`);
      await page.getByRole('heading', { name: heading }).waitFor();
      expect(await page.evaluate(lowContrast)).toEqual([]);
    }
    const light = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(light).toBe(colorScheme === 'light' ? 'rgb(245, 246, 248)' : 'rgb(16, 20, 26)');
  });

  it('every bar can be seen, in the chart as well: its contrast is at least 3 to 1', async ({ look }) => {
    const page = await look(colours.board, { colorScheme });
    await page.getByRole('group', { name: /Tests by type and month of order/ }).waitFor();
    expect(await page.locator('.figures .none').count()).toBe(0);
    await expect.poll(() => page.evaluate(paleBars)).toEqual([]);
  });
});

it('shows the figures of the month whose bar is pointed at, and its tests after a click', async ({ look }) => {
  const page = await look(colours.board);
  await page.locator('.chart-column').hover();
  const tip = page.locator('.chart-tip');
  expect(await tip.textContent()).toMatch(
    /^[A-Z][a-z]{2} \d{4} Interaction test: 10 Think-out-loud test: 10 Survey: 10/,
  );
  await page.getByRole('searchbox').hover();
  await tip.waitFor({ state: 'detached' });
  await page.locator('.chart-column a').click();
  await page.getByText('1–50 of 70 tests').waitFor();
});

it.for([390, 800, 1248, 1250, 1920])(
  'no name of a type runs into the next one in a window of %i px',
  async (width, { look }) => {
    const page = await look(colours.board, { viewport: { width, height: 800 } });
    await page.locator('.figure-name').first().waitFor();
    const names = '[...document.querySelectorAll(".figure-name")]';
    expect(await page.evaluate(`${names}.filter((name) => name.scrollWidth > name.clientWidth).length`)).toBe(0);
  },
);

it('fits a phone: nothing needs scrolling sideways', async ({ look }) => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const page = await ready(await look(account.board, { ...table, ...phone }));
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow)).toBe(0);
  await page.getByRole('link', { name: 'Overview' }).tap();
  await page.getByRole('region', { name: 'Latest results' }).waitFor();
  expect(await page.evaluate(overflow)).toBe(0);
  await page.getByRole('link', { name: 'Tests', exact: true }).tap();
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('title asc');
  await page.locator('tbody .title').first().getByText(/^</).waitFor();
  await page.getByRole('link', { name: /^A title without any space/ }).tap();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  expect(await page.evaluate(overflow)).toBe(0);
});
