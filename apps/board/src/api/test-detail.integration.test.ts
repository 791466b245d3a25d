import { expect, onTestFinished, test } from 'vitest';
import { makeProvisional, makeUnconfirmed } from '../../../../test/support/checkpoints.ts';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';
import { problemSchema } from './problem.ts';
import { testDetailSchema } from './test-detail.ts';

const uuid = 'aaaa1111-0000-4000-8000-000000000000';

test('one test is shown with its verdict, the rule, the answers and what data it offers', async () => {
  const board = await openTestBoard(onTestFinished, {
    TEST_URL: 'https://app.example/{workspace_uuid}/test/{test_uuid}',
  });
  const { checkpoints } = board;
  await checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: 'Studio' }]);
  await board.list([{ uuid, title: 'How was it?' }]);
  const answer = (outcome: 'present' | 'absent') => ({ outcome });
  await checkpoints.test.noteAnswer(uuid, {
    probe: 'sessions',
    answer: { outcome: 'present', sessionId: 'of-a-participant' },
  });
  expect(testDetailSchema.parse(await board.json(`/api/tests/${uuid}`))).toMatchObject({
    category: null,
    because: null,
    queued: true,
    offers: { video: null, qx_scores: null, transcript: null },
  });
  await checkpoints.test.noteAnswer(uuid, { probe: 'video', answer: answer('absent') });
  const verdict = { category: 'interaction test', rule: 'has-qx-scores', source: 'probed' } as const;
  await checkpoints.test.noteAnswer(uuid, { probe: 'qx', answer: answer('present'), verdict });
  const detail = testDetailSchema.parse(await board.json(`/api/tests/${uuid.toUpperCase()}`));
  expect(detail).toMatchObject({
    test_uuid: uuid,
    title: 'How was it?',
    workspace_name: 'Studio',
    test_type: 'interaction test',
    category: 'interaction test',
    platform: 'UTZ',
    because: expect.stringContaining('qxScores said 200'),
    answers: [
      { endpoint: 'sessionResults', status: 200, has_sessions: true },
      { endpoint: 'videoDownloadUrl', status: 404 },
      { endpoint: 'qxScores', status: 200 },
    ],
    error: null,
    queued: false,
    offers: { video: false, qx_scores: true, transcript: null },
    tree: { otherwise: { category: 'survey', taken: false } },
    link: `https://app.example/w/test/${uuid}`,
  });
  expect(detail.tree.nodes.map(({ endpoint, on_path }) => [endpoint, on_path])).toEqual([
    ['sessionResults', true],
    ['videoDownloadUrl', true],
    ['qxScores', true],
    ['transcript', false],
  ]);
  expect(JSON.stringify(detail)).not.toContain('of-a-participant');
});

test('an error is shown without the body of the answer; what was not asked of a test is unknown', async () => {
  const board = await openTestBoard(onTestFinished);
  await board.list([{ uuid: 'failed' }, { uuid: 'none', category: 'no sessions' }]);
  const failure = {
    status: 400,
    status_code: 400,
    type: 'invalid_pagination_error',
    error: 'no',
    attempts: 2,
  } as const;
  await board.checkpoints.test.fail('failed', { ...failure, body: 'of a participant' });
  const failed = testDetailSchema.parse(await board.json('/api/tests/failed'));
  expect(failed.error).toMatchObject({ type: 'invalid_pagination_error', status: 400, attempts: 2 });
  expect(JSON.stringify(failed)).not.toContain('of a participant');
  const { offers } = testDetailSchema.parse(await board.json('/api/tests/none'));
  expect(offers).toEqual({ video: null, qx_scores: null, transcript: null });
  await board.list([{ uuid: 'asked' }]);
  const noSessions = { probe: 'sessions', answer: { outcome: 'present', sessionId: null } } as const;
  await board.checkpoints.test.noteAnswer('asked', noSessions);
  const asked = testDetailSchema.parse(await board.json('/api/tests/asked'));
  expect(asked.offers).toEqual({ video: false, qx_scores: false, transcript: false });
});

test('an unknown test is 404 with up to five UUIDs that begin alike', async () => {
  const board = await openTestBoard(onTestFinished);
  await board.list(Array.from({ length: 7 }, (_, index) => ({ uuid: `aaaa${index}` })));
  const answer = await board.get('/api/tests/aaaax');
  expect(answer.status).toBe(404);
  const { near } = problemSchema.parse(await answer.json());
  expect(near).toEqual(['aaaa0', 'aaaa1', 'aaaa2', 'aaaa3', 'aaaa4']);
  expect((await board.get(`/api/tests/${'x'.repeat(101)}`)).status).toBe(400);
});

test('a verdict that is not final says why, and until when it is provisional', async () => {
  const board = await openTestBoard(onTestFinished);
  await board.list([
    { uuid: 'a', category: 'survey' },
    { uuid: 'b', category: 'ClassicUT' },
  ]);
  const detail = async (uuid: string) => testDetailSchema.parse(await board.json(`/api/tests/${uuid}`));
  expect(await detail('a')).toMatchObject({ certainty: 'final', certainty_because: null, provisional_until: null });
  await makeProvisional(board.checkpoints, 'a', Date.parse('2026-11-26T12:00:00.000Z'));
  await makeUnconfirmed(board.checkpoints, 'a', 'b');
  expect(await detail('a')).toMatchObject({
    certainty: 'provisional',
    certainty_because: 'it rests on absent data of a session that had just finished',
    provisional_until: '2026-11-26T12:00:00.000Z',
  });
  expect(await detail('b')).toMatchObject({
    certainty: 'unconfirmed',
    certainty_because: expect.stringContaining('404 for every test so far'),
    provisional_until: null,
  });
});
