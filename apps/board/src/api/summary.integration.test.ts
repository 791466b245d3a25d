import { expect, onTestFinished, test } from 'vitest';
import { closeCircuit, openCircuit } from '../../../../test/support/open-circuit.ts';
import { openTestBoard, type TestBoard } from '../../../../test/support/open-test-board.ts';
import { until } from '../../../../test/support/until.ts';
import { summarySchema } from './summary-schema.ts';

const failure = {
  status: 403,
  status_code: 403,
  type: 'unclassified_error',
  error: 'no',
  body: 'of a participant',
  attempts: 1,
} as const;
const summaryOf = async (board: TestBoard) => summarySchema.parse(await board.json('/api/summary'));

/**
 * Waits for a summary in which something holds. The numbers of tests may be a look newer than those of runs and verdicts:
 * who checks both waits for both.
 */
async function summaryWith(board: TestBoard, holds: (summary: Awaited<ReturnType<typeof summaryOf>>) => boolean) {
  await until('the summary shows it', async () => holds(await summaryOf(board)));
  return summaryOf(board);
}

test('an empty account is all zeros', async () => {
  const board = await openTestBoard(onTestFinished);
  const { tests, by_month, workspaces, last_verdict_at } = await summaryOf(board);
  const sure = { provisional: 0, unconfirmed: 0 };
  expect(tests).toEqual({ total: 0, classified: 0, undecided: 0, open: 0, errors: 0, unlisted: 0, ...sure });
  expect({ by_month, workspaces, last_verdict_at }).toEqual({ by_month: [], workspaces: [], last_verdict_at: null });
});

test('counts tests by type, platform, month and workspace, and says why tests are undecided', async () => {
  const board = await openTestBoard(onTestFinished);
  const { checkpoints } = board;
  await checkpoints.listing.saveWorkspaces([
    { uuid: 'b', name: 'Büro' },
    { uuid: 'a', name: 'Atelier' },
  ]);
  await board.list(
    [
      { uuid: 'a1', category: 'survey', orderedAt: '2025-03-31T23:30:00-02:00' },
      { uuid: 'a2', orderedAt: '2025-03-01T00:00:00Z' },
      { uuid: 'a3' },
    ],
    'a',
    1,
  );
  await board.list([{ uuid: 'b1', category: 'ClassicUT', orderedAt: '2025-03-02T00:00:00Z' }], 'b', 0);
  await checkpoints.test.fail('a3', failure);
  await checkpoints.listing.failWorkspace('b', { ...failure, type: 'workspace_detail_http_error' }, '1');
  await checkpoints.import.tests([{ uuid: 'a4', workspace: 'a', name: '', category: 'no sessions' }]);
  const summary = await summaryWith(
    board,
    ({ tests, errors, runs }) => tests.total === 5 && errors.total === 2 && runs[0]?.open === 1,
  );
  expect(summary).toMatchObject({
    tests: { total: 5, classified: 3, undecided: 2, open: 1, errors: 1, unlisted: 0 },
    by_platform: { UTZ: 2, ClassicUT: 1 },
    by_category: { survey: 1, ClassicUT: 1, 'no sessions': 1, 'interaction test': 0 },
    by_month: [
      { month: '2025-03', total: 2, by_category: { ClassicUT: 1, undecided: 1 } },
      { month: '2025-04', total: 1, by_category: { survey: 1 } },
      { month: null, total: 2, by_category: { undecided: 1, 'no sessions': 1 } },
    ],
    workspaces: [
      { uuid: 'b', name: 'Büro', total: 1, errors: 1 },
      { uuid: 'a', name: 'Atelier', total: 4, errors: 1, by_category: { survey: 1, undecided: 2 } },
    ],
    undecided: { open: 1, errors: 1, not_selected: 0 },
    runs: [{ selection: 'all', selected: 4, open: 1 }],
    left: { ends_at: null },
    errors: { by_type: { unclassified_error: 1, workspace_detail_http_error: 1 } },
  });
  expect(JSON.stringify(summary)).not.toContain('of a participant');
});

test('shows outcomes as they fall, what is forgotten, and what is tried again', async () => {
  const board = await openTestBoard(onTestFinished);
  const { checkpoints, run } = board;
  await board.list([{ uuid: 'a' }, { uuid: 'b' }, { uuid: 'c' }]);
  await summaryWith(board, ({ undecided }) => undecided.open === 3);
  await checkpoints.test.decide('a', { category: 'survey', rule: 'no-other-data', source: 'probed' });
  await checkpoints.test.fail('b', failure);
  const shown = await summaryWith(
    board,
    ({ tests, last_verdict_at }) => tests.classified === 1 && tests.errors === 1 && last_verdict_at !== null,
  );
  expect(shown.errors.groups).toEqual([expect.objectContaining({ key: 'b', error: 'no', count: 1 })]);
  expect(shown.burn_down?.open).toHaveLength(61);
  expect([shown.burn_down?.open.at(0), shown.burn_down?.open.at(-1)]).toEqual([3, 1]);
  expect((await board.json('/api/tests?error=unclassified_error')).total).toBe(1);
  await checkpoints.known.retry(run.id, ['b']);
  const again = await summaryWith(board, ({ undecided }) => undecided.open === 2 && undecided.errors === 0);
  expect(again.errors).toMatchObject({ total: 1, waiting: 1 });
  await checkpoints.known.forget(['a', 'b']);
  await summaryWith(board, ({ tests, errors }) => tests.total === 1 && errors.total === 0);
});

test('a test that the newest complete listing no longer has is unlisted', async () => {
  const board = await openTestBoard(onTestFinished);
  const { checkpoints, run } = board;
  await checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: 'W' }]);
  await board.list([{ uuid: 'a', category: 'survey' }]);
  await checkpoints.listing.finishWorkspace('w', run.id);
  await checkpoints.runs.markListed(run.id);
  await checkpoints.runs.finish(run.id);
  const next = await checkpoints.runs.start('all');
  await checkpoints.listing.finishWorkspace('w', next.id);
  await summaryWith(board, ({ tests }) => tests.unlisted === 1);
});

test('an answer that would say the same again is 304', async () => {
  const board = await openTestBoard(onTestFinished);
  await board.list([{ uuid: 'a' }]);
  await summaryWith(board, ({ tests }) => tests.total === 1);
  let etag = '';
  await until('it stands still', async () => {
    etag = (await board.get('/api/summary')).headers.get('etag') ?? '';
    const again = await board.get('/api/summary', { 'if-none-match': etag });
    return again.status === 304 && (await again.text()) === '';
  });
  await board.checkpoints.test.decide('a', { category: 'survey', rule: 'no-other-data', source: 'probed' });
  await until(
    'it has changed',
    async () => (await board.get('/api/summary', { 'if-none-match': etag })).status === 200,
  );
});

test('says since when and why the API does not answer, who asks next, and promises no end', async () => {
  const board = await openTestBoard(onTestFinished);
  await board.list([{ uuid: 'a' }]);
  expect((await summaryWith(board, ({ tests }) => tests.open === 1)).pace.circuit).toBeNull();
  await openCircuit(board.checkpoints, { cause: 'controls', why: 'it knew them' });
  const { pace, left } = await summaryWith(board, (summary) => summary.pace.circuit !== null);
  expect(pace.circuit).toMatchObject({ cause: 'controls', why: 'it knew them' });
  expect(Date.parse(pace.circuit?.next_probe_at ?? '')).toBeGreaterThan(Date.parse(pace.circuit?.since ?? ''));
  expect(left.ends_at).toBeNull();
  await closeCircuit(board.checkpoints);
  await summaryWith(board, (summary) => summary.pace.circuit === null);
});
