import type { LibraryData } from '@inventory/sandbox';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { boardTest as it, type ShownAccount, showAccount } from './support/board-test.ts';
import { makeProvisional, makeUnconfirmed } from './support/checkpoints.ts';
import { lowContrast } from './support/contrast.ts';
import { closeCircuit, openCircuit } from './support/open-circuit.ts';
import { classifyAll } from './support/open-test-account.ts';

const library: LibraryData = {
  workspaces: [{ name: 'Studio' }],
  tests: [
    { kind: 'survey', title: 'Just finished' },
    { kind: 'classic', title: 'Known to nobody' },
    { kind: 'think-out-loud', title: 'Checkout, spoken' },
  ],
};
const endings: (() => Promise<void>)[] = [];
let account: ShownAccount;

beforeAll(async () => {
  account = await showAccount({
    sandbox: { library },
    env: { PROVISIONAL_HOURS: '0' },
    closing: (close) => void endings.push(close),
    async fill(opened) {
      await opened.produceAll();
      await classifyAll(opened);
      const { checkpoints } = opened.runtime;
      for await (const page of checkpoints.inventory.pages()) {
        for (const { uuid, listing } of page) {
          if (listing.title === 'Just finished') await makeProvisional(checkpoints, uuid, Date.now() + 86_400_000);
          if (listing.title === 'Known to nobody') await makeUnconfirmed(checkpoints, uuid);
        }
      }
      const { id: run, joinedAt } = await checkpoints.runs.start('more');
      const tests = Array.from({ length: 40 }, (_, number) => ({
        uuid: `more-${number}`,
        listing: { title: `Waiting ${number}` },
        declared: null,
      }));
      await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 1, probe: true, tests });
      await checkpoints.runs.markListed(run);
    },
  });
});
afterAll(async () => {
  for (const end of endings) await end();
});

/** The page while a worker is connected and the API has not answered for twelve minutes. */
async function duringOutage(look: (board: ShownAccount['board'], options?: object) => Promise<Page>, options = {}) {
  const working = { role: 'worker', host: 'h', pid: 1, slots: 6, intervalMs: 6_050 };
  await account.account.pace.attach('one', working);
  await openCircuit(account.runtime.checkpoints, { why: '5 requests in a row failed: connect ECONNREFUSED' });
  const page = await look(account.board, options);
  await page.getByRole('status').filter({ hasText: 'The Results API has not answered since' }).waitFor();
  return page;
}

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describe.each([
  ['a wide window', {}],
  ['a phone', phone],
])('in %s', (_, options) => {
  it('an outage is shown with its reason, the next request and what to do, and nothing says that work goes on', async ({
    look,
  }) => {
    const page = await duringOutage(look, options);
    const panel = page.getByRole('region', { name: 'Status' });
    const said = (await panel.textContent()) ?? '';
    expect(said).toMatch(
      /has not answered since [\d-]* ?\d\d:\d\d:\d\d \(5 requests in a row failed: connect ECONNREFUSED\): 40 tests wait, no requests except one at \d\d:\d\d:\d\d; .*; npm run doctor checks the way to the API/,
    );
    expect(said).not.toMatch(/Working|ends/);
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await closeCircuit(account.runtime.checkpoints);
    await page.getByRole('status').filter({ hasText: 'Working' }).waitFor();
  });

  it('types that are not final are marked in the table, filtered, and explained on the page of the test', async ({
    look,
  }) => {
    const page = await look(account.board, { path: '/?view=tests', ...options });
    await page.locator('table.listing[aria-busy=false]').waitFor();
    expect((await page.locator('.flag.weak').allTextContents()).sort()).toEqual(['provisional', 'unconfirmed']);
    await page.getByRole('combobox', { name: 'Certainty' }).selectOption('provisional');
    await page.getByText('1 test', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Just finished' }).click();
    await page.getByText(/^provisional: it rests on absent data .*; checked again by the first run after \d/).waitFor();
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'All tests' }).click();
    await page.getByRole('combobox', { name: 'Certainty' }).selectOption('unconfirmed');
    await page.getByRole('link', { name: 'Known to nobody' }).click();
    await page.getByText(/^unconfirmed: the Results API has answered 404 for every test so far/).waitFor();
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it('every text can be read', async ({ look }) => {
    const page = await duringOutage(look, { colorScheme });
    expect(await page.evaluate(lowContrast)).toEqual([]);
    await page.getByRole('link', { name: 'Tests', exact: true }).click();
    await page.locator('table.listing[aria-busy=false]').waitFor();
    await page.getByRole('link', { name: 'Just finished' }).click();
    await page.getByText(/^provisional/).waitFor();
    expect(await page.evaluate(lowContrast)).toEqual([]);
  });
});
