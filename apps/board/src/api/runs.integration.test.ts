import { expect, onTestFinished, test } from 'vitest';
import { openTestBoard, type TestBoard } from '../../../../test/support/open-test-board.ts';
import { problemSchema } from './problem.ts';
import { runReportSchema, runsSchema } from './runs.ts';

/** The lines of `GET /api/changes`, and the cursor behind them. */
async function changes(board: TestBoard, query = '') {
  const answer = await board.get(`/api/changes${query}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line)), next: answer.headers.get('next-cursor') };
}

/** A board over a run in which a test was classified and another one failed. */
async function boardOfARun(): Promise<TestBoard> {
  const board = await openTestBoard(onTestFinished);
  const { checkpoints, run } = board;
  await checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: 'Studio' }]);
  await board.list([{ uuid: 'a', title: 'How was it?' }, { uuid: 'b' }]);
  await checkpoints.runs.markListed(run.id);
  await checkpoints.test.decide('a', { category: 'interaction test', rule: 'has-video', source: 'probed' });
  const failure = { status: 500, status_code: 500, type: 'unclassified_error', error: 'secret', attempts: 1 } as const;
  await checkpoints.test.fail('b', { ...failure, body: 'of a participant' });
  return board;
}

test('a run says what it took and what it changed, and opens with its tests', async () => {
  const board = await boardOfARun();
  const { runs } = runsSchema.parse(await board.json('/api/runs'));
  expect(runs).toMatchObject([
    { id: board.run.id, selected: 2, open: 0, requests: 0, changes: { new: 2, classified: 1, error_new: 1 } },
  ]);
  const report = runReportSchema.parse(await board.json(`/api/runs/${board.run.id}`));
  expect(report).toMatchObject({ run: runs[0], complete: true });
  expect(report.tests.new?.map(({ test_uuid }) => test_uuid)).toEqual(['a', 'b']);
  expect(report.tests.classified).toMatchObject([
    { test_uuid: 'a', title: 'How was it?', workspace_name: 'Studio', from: null, to: 'interaction test' },
  ]);
  expect(report.tests.error_new).toMatchObject([{ test_uuid: 'b', error: 'unclassified_error' }]);
  expect(await board.json('/api/runs/latest?limit=1')).toMatchObject({ run: runs[0], complete: true });
  expect((await board.get('/api/runs/7')).status).toBe(404);
});

test('a pipeline follows the changes by a cursor, each once', async () => {
  const board = await boardOfARun();
  const { lines, next } = await changes(board);
  expect(lines.map(({ test_uuid, changes }) => [test_uuid, ...changes])).toEqual([
    ['a', 'new'],
    ['b', 'new'],
    ['a', 'classified'],
    ['b', 'error_new'],
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/secret|participant/);
  const first = await changes(board, '?limit=3');
  expect(first.next).toBe(lines[2].cursor);
  expect((await changes(board, `?since=${first.next}`)).lines).toEqual(lines.slice(3));
  expect(await changes(board, `?since=${next}`)).toEqual({ lines: [], next });
  expect(await changes(board, '?since=now')).toEqual({ lines: [], next });
});

test('a pipeline that reads all tests, and then what has changed since, misses none', async () => {
  const board = await openTestBoard(onTestFinished);
  for (let number = 0; number < 30; number += 1) {
    await board.list([{ uuid: `test ${number}`, category: 'survey' }]);
    const answer = await board.get('/api/tests?format=ndjson');
    const rows = (await answer.text()).split('\n').slice(0, -1);
    const { lines } = await changes(board, `?since=${answer.headers.get('next-cursor')}`);
    const known = [...rows.map((row) => JSON.parse(row)), ...lines].map(({ test_uuid }) => test_uuid);
    expect(new Set(known).size).toBe(number + 1);
  }
  const page = await board.get('/api/tests');
  expect(page.headers.get('next-cursor')).toMatch(/^\d+-\d+$/);
});

test('a cursor that is too old, or of another stream, is 410 with the one to continue from; what is none is 400', async () => {
  const board = await boardOfARun();
  for (const since of ['5-1', '999999999999999-0']) {
    const gone = await board.get(`/api/changes?since=${since}`);
    expect(gone.status).toBe(410);
    expect(problemSchema.parse(await gone.json())).toMatchObject({
      title: 'Gone',
      detail: expect.stringContaining('Next-Cursor'),
    });
  }
  for (const [query, expected] of [
    ['since=x', 'The parameter since is "x": expected a `cursor`'],
    ['limit=0', 'expected a whole number from 1 to 10000'],
    ['from=1', 'There is no parameter "from": expected since, limit.'],
  ]) {
    expect(await board.json(`/api/changes?${query}`)).toMatchObject({
      status: 400,
      detail: expect.stringContaining(expected ?? ''),
    });
  }
});
