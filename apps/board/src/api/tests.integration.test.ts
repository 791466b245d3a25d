import { expect, onTestFinished, test } from 'vitest';
import { makeProvisional, makeUnconfirmed } from '../../../../test/support/checkpoints.ts';
import { openTestBoard, type TestBoard } from '../../../../test/support/open-test-board.ts';
import { until } from '../../../../test/support/until.ts';
import { testsPageSchema } from './tests.ts';

const uuid = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

async function page(board: TestBoard, query: string) {
  return testsPageSchema.parse(await board.json(`/api/tests?${query}`));
}

/** A board that has read some tests. */
async function boardWith(...tests: Parameters<TestBoard['list']>[0]): Promise<TestBoard> {
  const board = await openTestBoard(onTestFinished);
  const { listing } = board.checkpoints;
  await listing.saveWorkspaces([
    { uuid: 'w', name: 'Studio' },
    { uuid: 'v', name: 'Atelier' },
  ]);
  await board.list(tests);
  await until('the tests are read', async () => (await page(board, '')).total === tests.length);
  return board;
}

const library = [
  { uuid: uuid(1), title: 'Checkout on a phone', category: 'survey', orderedAt: '2025-01-02T00:00:00Z' },
  { uuid: uuid(2), title: 'zebra', orderedAt: '2025-01-01T00:00:00Z' },
  { uuid: uuid(3), title: 'Äpfel', category: 'ClassicUT' },
  { uuid: uuid(12), category: 'interaction test', orderedAt: '2025-01-03T00:00:00Z' },
] as const;
const numbers = ({ tests }: Awaited<ReturnType<typeof page>>) =>
  tests.map(({ test_uuid }) => Number(test_uuid.slice(0, 8)));

test('finds tests by workspace, platform, type, words of the title in any order and start of the UUID', async () => {
  const board = await boardWith(...library);
  for (const [query, found] of [
    ['workspace=w', [1, 2, 3, 12]],
    ['workspace=v', []],
    ['platform=UTZ', [1, 12]],
    ['platform=ClassicUT', [3]],
    ['category=survey', [1]],
    ['category=undecided', [2]],
    ['ordered=2025-01', [1, 2, 12]],
    ['ordered=2025&platform=UTZ', [1, 12]],
    ['ordered=2024', []],
    ['error=any', []],
    ['q=CHECKOUT', [1]],
    [`q=${encodeURIComponent('äPF')}`, [3]],
    ['q=phone+check', [1]],
    ['q=phone+tablet', []],
    ['q=0000001', [12]],
    ['q=a&platform=UTZ', [1]],
    ['q=', [1, 2, 3, 12]],
  ] as const) {
    const { tests, total, next } = await page(board, query);
    expect([query, numbers({ tests, total, next })]).toEqual([query, found]);
    expect([total, next]).toEqual([found.length, null]);
  }
});

test('finds tests by the certainty of their verdict, as soon as it changes', async () => {
  const board = await boardWith(...library);
  const found = async (certainty: string) => numbers(await page(board, `certainty=${certainty}`));
  expect([await found('final'), await found('provisional'), await found('unconfirmed')]).toEqual([[1, 3, 12], [], []]);
  await makeUnconfirmed(board.checkpoints, uuid(3));
  await makeProvisional(board.checkpoints, uuid(1), Date.now());
  await until('both are read', async () => {
    return (await found('provisional')).length + (await found('unconfirmed')).length === 2;
  });
  expect([await found('final'), await found('provisional'), await found('unconfirmed')]).toEqual([[12], [1], [3]]);
  const { tests } = await page(board, 'certainty=unconfirmed&category=ClassicUT');
  expect(tests).toMatchObject([{ category: 'ClassicUT', certainty: 'unconfirmed' }]);
  const summary = await board.json('/api/summary');
  expect(summary.tests).toMatchObject({ classified: 3, provisional: 1, unconfirmed: 1 });
});

test('sorts by each column in both directions, with what has no value last', async () => {
  const board = await boardWith(...library);
  for (const [query, found] of [
    ['sort=title', [3, 1, 2, 12]],
    ['sort=title&order=desc', [2, 1, 3, 12]],
    ['sort=ordered_at', [2, 1, 12, 3]],
    ['sort=ordered_at&order=desc', [12, 1, 2, 3]],
    ['sort=category', [3, 12, 1, 2]],
    ['sort=test_uuid&order=desc', [12, 3, 2, 1]],
    ['sort=workspace_name', [1, 2, 3, 12]],
  ] as const) {
    expect([query, numbers(await page(board, query))]).toEqual([query, found]);
  }
  expect(numbers(await page(board, 'sort=classified_at'))[3]).toBe(2);
});

test('paging while tests are added visits each test that was there once', async () => {
  const board = await boardWith(
    ...Array.from({ length: 40 }, (_, index) => ({ uuid: uuid(index * 10), title: `t${index % 7}` })),
  );
  const seen: string[] = [];
  let next: string | null = '';
  let added = 0;
  while (next !== null) {
    const part: Awaited<ReturnType<typeof page>> = await page(board, `sort=title&limit=7${next && `&cursor=${next}`}`);
    seen.push(...part.tests.map(({ test_uuid }) => test_uuid));
    next = part.next;
    added += 1;
    await board.list([{ uuid: uuid(added * 10 + 5), title: `t${added % 7}` }]);
    await until('it is read', async () => (await page(board, 'limit=1')).total === 40 + added);
  }
  const old = seen.filter((each) => !each.startsWith('5', 7));
  expect(old).toHaveLength(40);
  expect(new Set(seen).size).toBe(seen.length);
});

test('a wrong parameter is named with its value and what is expected', async () => {
  const board = await boardWith();
  for (const [query, said] of [
    [
      'colour=red',
      'There is no parameter "colour": expected workspace, platform, category, certainty, error, ordered, q, sort',
    ],
    ['sort=size', 'The parameter sort is "size": expected one of title, ordered_at'],
    ['limit=501', 'The parameter limit is "501": expected a whole number from 1 to 500.'],
    ['limit=0', 'a whole number from 1 to 500'],
    ['platform=utz', 'expected one of UTZ, ClassicUT'],
    ['error=oops', 'expected one of any, auth_error'],
    ['ordered=May', 'The parameter ordered is "May": expected a month such as 2026-03, or a year.'],
    ['certainty=maybe', 'expected one of final, provisional, unconfirmed'],
    ['category=poll', 'expected one of interaction test, think-out-loud test, survey'],
    [`q=${'x'.repeat(201)}`, 'at most 200 characters'],
    ['q=a&q=b', 'The parameter q is given 2 times: expected once.'],
    ['cursor=nonsense', 'The cursor is not one of this sort and order'],
  ] as const) {
    const answer = await board.get(`/api/tests?${query}`);
    expect([query, answer.status, answer.headers.get('content-type')]).toEqual([
      query,
      400,
      'application/problem+json',
    ]);
    expect(await answer.json()).toMatchObject({
      status: 400,
      title: 'Bad Request',
      detail: expect.stringContaining(said),
    });
  }
});

test('a cursor is good for the sorting that it came from only', async () => {
  const board = await boardWith(...library);
  const { next } = await page(board, 'limit=1&sort=title');
  expect((await board.get(`/api/tests?sort=test_uuid&cursor=${next}`)).status).toBe(400);
  expect((await board.get(`/api/tests?sort=title&order=desc&cursor=${next}`)).status).toBe(400);
});

test('CSV and NDJSON hold all that match, in their order, whatever limit says', async () => {
  const board = await boardWith(...library);
  const csv = await board.get('/api/tests?format=csv&limit=1&sort=ordered_at&platform=UTZ');
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="tests.csv"');
  const [header, ...lines] = (await csv.text()).trim().split('\r\n');
  expect(header).toBe(
    'test_uuid,title,workspace_uuid,workspace_name,ordered_at,platform,test_type,category,source,rule,classified_at,error,listed,certainty',
  );
  expect(lines.map((line) => Number(line.slice(0, 8)))).toEqual([1, 12]);
  const ndjson = await board.get('/api/tests?format=ndjson');
  expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const rows = (await ndjson.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map(({ title }) => title)).toEqual(['Checkout on a phone', 'zebra', 'Äpfel', null]);
});

test('no cell of the CSV begins like a formula', async () => {
  const titles = ['=1+1', '+1', '-1', '@now', '\tx', '\rx'];
  const board = await boardWith(...titles.map((title, index) => ({ uuid: uuid(index), title })));
  const csv = await (await board.get('/api/tests?format=csv')).text();
  for (const title of titles) expect(csv).toContain(`'${title}`);
  expect(csv).not.toMatch(/[,"\n][=+\-@\t\r][^\n]/);
});
