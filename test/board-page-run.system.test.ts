import { coverageOf } from '@inventory/classification';
import { expect, onTestFinished } from 'vitest';
import { boardTest as it, showAccount } from './support/board-test.ts';
import { classifyAll } from './support/open-test-account.ts';
import { startOwnRedis } from './support/redis-servers.ts';

const library = { seed: 5, tests: 20, workspaces: 2 };
const worker = { role: 'worker', host: 'elsewhere', pid: 42, slots: 3, intervalMs: 1_000 };
const slow = { REQUEST_INTERVAL_MS: '1000' };

it('says that nothing is here yet, and how to begin in three steps', async ({ look }) => {
  const { board } = await showAccount();
  const page = await look(board);
  const steps = page.getByRole('region', { name: 'Nothing here yet' });
  expect((await steps.getByRole('listitem').locator('code').allTextContents()).at(-1)).toBe('npm start -- --all');
  await steps.getByRole('button', { name: 'Copy the doctor command' }).waitFor();
});

it('shows a current run and each new verdict without a reload', async ({ look }) => {
  const account = await showAccount({ sandbox: { library }, env: slow });
  await account.produceAll();
  await account.account.pace.attach('one', worker);
  const page = await look(account.board);
  await page.getByText(/^Working: 0 of 20 tests done, about \d+ s left, ends/).waitFor();
  await page.getByText('20 wait for answers').waitFor();

  const [first] = account.sandbox.library.tests();
  const verdict = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
  await account.runtime.checkpoints.test.decide(first?.uuid ?? '', verdict);
  await page.getByText(/^Working: 1 of 20 tests done/).waitFor();
  await page.getByText('19 wait for answers').waitFor();
  await page.getByText('1 classified so far: 1 UTZ, 0 ClassicUT, coverage 100 % · 19 undecided').waitFor();
  const latest = page.getByRole('region', { name: 'Latest results' }).getByRole('listitem');
  expect(await latest.textContent()).toMatch(/Survey(just now|\d+ s ago)$/);
  await page.getByRole('img', { name: /^Tests that waited since the run began: from 20 to 19; ends / }).waitFor();
  expect(await page.getByRole('progressbar').getAttribute('value')).toBe('1');
});

it('keeps the focus and the typed text while values change', async ({ look }) => {
  const account = await showAccount({ sandbox: { library }, env: slow });
  await account.produceAll();
  await account.account.pace.attach('one', worker);
  const page = await look(account.board);
  const search = page.getByRole('searchbox');
  const [first] = account.sandbox.library.tests();
  const start = first?.uuid.slice(0, 8) ?? '';
  await search.pressSequentially(start);
  await page
    .getByRole('status')
    .filter({ hasText: /^1 test$/ })
    .waitFor();
  const verdict = { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' } as const;
  await account.runtime.checkpoints.test.decide(first?.uuid ?? '', verdict);
  await page.getByRole('cell', { name: 'ClassicUT' }).waitFor();
  expect(await search.inputValue()).toBe(start);
  expect(await page.evaluate('document.activeElement.name')).toBe('q');
});

it('says that no worker is connected, that the API pauses, or that it refuses tokens', async ({ look }) => {
  const account = await showAccount({ sandbox: { library }, env: slow });
  await account.produceAll();
  const page = await look(account.board);
  await page.getByText('No worker is connected: 20 tests wait; npm start continues').waitFor();
  await account.account.pace.attach('one', worker);
  await account.account.pace.rest(60_000, 'rate used up');
  await page.getByText(/^Another program is using up .* until \d\d:\d\d:\d\d: 20 tests wait/).waitFor();
  await account.account.queue.hold('auth');
  await page.getByText(/^The API refuses new access tokens, since \d\d:\d\d:\d\d .*npm run doctor/).waitFor();
});

it('shows a finished library: types, ages, workspaces, and that nothing is waiting', async ({ look }) => {
  const account = await showAccount({ sandbox: { library } });
  await account.produceAll();
  await classifyAll(account);
  const page = await look(account.board);
  await page.getByText('Done: nothing is waiting').waitFor();
  const { byCategory } = await account.runtime.checkpoints.inventory.totals();
  const { typed, utz } = coverageOf(byCategory);
  await page.getByText(`coverage ${Math.round((100 * typed) / utz)} %`).waitFor();
  const figure = page.getByRole('link', { name: /^Survey/ });
  expect(await figure.textContent()).toContain(String(byCategory.survey));
  for (const { name } of account.sandbox.library.workspaces()) {
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).waitFor();
  }
  const ages = page.getByRole('region', { name: 'Age of the library' });
  await ages.getByText('As a table').click();
  await ages.getByRole('columnheader', { name: 'ClassicUT' }).waitFor();
  await ages.getByRole('rowheader').last().getByRole('link').click();
  await page.getByRole('combobox', { name: 'Ordered' }).and(page.locator('.chosen select')).waitFor();
  expect(new URL(page.url()).search).toMatch(/^\?ordered=\d{4}(-\d\d)?$/);
});

it('shows what went wrong with which test, and what to do', async ({ look }) => {
  const account = await showAccount({ sandbox: { library } });
  const [broken] = account.sandbox.library.tests();
  account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'results', testUuid: broken?.uuid });
  await account.produceAll();
  await classifyAll(account);
  const page = await look(account.board);
  await page.getByText('Done, with 1 error: nothing is waiting; npm run retry tries them again').waitFor();
  const errors = page.getByRole('region', { name: '1 error' });
  await errors.getByText('unclassified_error').waitFor();
  await errors.getByRole('link', { name: broken?.uuid ?? '' }).click();
  await page.getByRole('heading', { name: 'unclassified_error (status 403)' }).waitFor();
  await page.getByText(`npm run retry -- ${broken?.uuid}`).waitFor();
  const { runs, known } = account.runtime.checkpoints;
  await known.retry((await runs.start('retry')).id, [broken?.uuid ?? '']);
  await page.getByText('It ended in an error, and waits to be tried again.').waitFor();
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await errors.getByText('all in the queue again').waitFor();
  await page.getByText('1 waits for answers').waitFor();
});

it('shows the runs, what each changed, and whether the files passed; a run leads to the tests that it changed', async ({
  look,
}) => {
  const account = await showAccount({ sandbox: { library } });
  const { runs } = account.runtime.checkpoints;
  await account.produceAll();
  await classifyAll(account);
  const [first] = await runs.list();
  await runs.noteVerified(first?.id ?? '', true);
  const { id } = await runs.start('retry');
  await runs.markListed(id);
  await runs.noteVerified(id, false);
  const page = await look(account.board, { path: '/?view=runs' });
  const all = page.getByRole('region', { name: 'Runs' }).getByRole('listitem');
  await all.first().getByText('Retry of errors').waitFor();
  expect(await all.first().textContent()).toMatch(/nothing changed.*nothing to do.*files did not pass: npm run verify/);
  expect(await all.last().textContent()).toMatch(
    /All workspaces20 new tests, \d+ newly classified.*all 20 tests.*files passed/,
  );
  await page.getByRole('link', { name: 'All workspaces' }).click();
  const added = page.getByRole('region', { name: '20 new tests' }).getByRole('listitem');
  await added.first().waitFor();
  expect(await added.count()).toBe(20);
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  expect(await page.title()).toMatch(/^Run · /);
  await added.first().getByRole('link').click();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await page.getByRole('link', { name: '← Run' }).click();
  await added.first().waitFor();
});

it('says that the connection is lost, keeps showing what it has, and recovers by itself', async ({
  look,
  expectedErrors,
}) => {
  expectedErrors.push(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  const account = await showAccount({ sandbox: { library } });
  await account.produceAll();
  const page = await look(account.board);
  await page.getByText('20 wait for answers').waitFor();
  await account.board.stop();
  await page.getByText(/^Connection lost: what is shown is from/).waitFor();
  await page.getByText('20 wait for answers').waitFor();
  await account.restartBoard();
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
});

it('says that Redis hangs and how old the figures are, and recovers by itself', async ({ look, expectedErrors }) => {
  expectedErrors.push(/503/);
  const redis = await startOwnRedis(onTestFinished);
  const account = await showAccount({ sandbox: { library }, env: { REDIS_URL: redis.url } });
  await account.produceAll();
  const page = await look(account.board, { path: '/?view=tests' });
  await page.getByText('20 tests', { exact: true }).waitFor();
  redis.freeze();
  const notice = page.getByText(/^Redis has not answered since \d\d:\d\d:\d\d: what is shown is from .*npm run doctor/);
  await notice.waitFor();
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByText('Redis does not answer. What was read before is still served').waitFor();
  redis.thaw();
  await notice.waitFor({ state: 'detached' });
  await page.getByText('It waits for its first answer.').waitFor();
  expect(await page.getByText(/Redis (has|does) not answer/).count()).toBe(0);
});
