import { expect, test } from 'vitest';
import { csvLines, ndjsonLines } from './formats.ts';
import type { ExportRow } from './row.ts';

const row: ExportRow = {
  test_uuid: 'u',
  title: 'Title',
  workspace_uuid: 'w',
  workspace_name: 'W',
  ordered_at: null,
  platform: 'UTZ',
  test_type: 'survey',
  category: 'survey',
  source: 'probed',
  rule: 'no-other-data',
  classified_at: '2025-03-01T10:00:00.000Z',
  error: null,
  listed: true,
  certainty: 'provisional',
};
const header =
  'test_uuid,title,workspace_uuid,workspace_name,ordered_at,platform,test_type,category,source,rule,classified_at,error,listed,certainty\r\n';

async function textOf(texts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const text of texts) all += text;
  return all;
}

const csv = (...titles: (string | null)[]) => textOf(csvLines([titles.map((title) => ({ ...row, title }))]));
const cells = (title: string) =>
  `u,${title},w,W,,UTZ,survey,survey,probed,no-other-data,2025-03-01T10:00:00.000Z,,true,provisional\r\n`;

test('CSV has its header once, CRLF line ends, and nothing for null', async () => {
  expect(await textOf(csvLines([[row], [], [row]]))).toBe(header + cells('Title') + cells('Title'));
  expect(await textOf(csvLines([]))).toBe(header);
  expect(await csv(null)).toBe(header + cells(''));
});

test('commas, quotes and line ends are quoted as RFC 4180 says', async () => {
  expect(await csv('a,b', 'say "hi"', 'two\nlines', 'two\rlines')).toBe(
    header + ['"a,b"', '"say ""hi"""', '"two\nlines"', '"two\rlines"'].map(cells).join(''),
  );
});

test('a cell never starts a formula', async () => {
  const starts = ['=', '+', '-', '@', '\t', '\r'];
  const text = await csv(...starts.map((start) => `${start}1+1`));
  expect(text).toBe(header + ["'=1+1", "'+1+1", "'-1+1", "'@1+1", "'\t1+1", '"\'\r1+1"'].map(cells).join(''));
});

test('nor does one that another separator would make of it', async () => {
  const cases = [
    ['a;=1+1', "a;'=1+1"],
    ['a\t-1', "a\t'-1"],
    ['a; =1', "a; '=1"],
    ['a;"@x"', `"a;""'@x"""`],
    ['a\n+1', '"a\n\'+1"'],
    ['\u0000=1', "'=1"],
    ['b - c d=e', 'b - c d=e'],
    ['N\u0000UL', 'NUL'],
  ] as const;
  expect(await csv(...cases.map(([title]) => title))).toBe(header + cases.map(([, cell]) => cells(cell)).join(''));
});

test('a byte order mark comes first where it is asked for', async () => {
  expect(await textOf(csvLines([[row]], { bom: true }))).toBe(`\ufeff${header}${cells('Title')}`);
});

test('NDJSON has one object per line with the names of the columns, nulls kept', async () => {
  const text = await textOf(ndjsonLines([[row, { ...row, title: '=a\n"b"', listed: false }], []]));
  const [first, second, end] = text.split('\n');
  expect(first).toBe(
    '{"test_uuid":"u","title":"Title","workspace_uuid":"w","workspace_name":"W","ordered_at":null,"platform":"UTZ",' +
      '"test_type":"survey","category":"survey","source":"probed","rule":"no-other-data",' +
      '"classified_at":"2025-03-01T10:00:00.000Z","error":null,' +
      '"listed":true,"certainty":"provisional"}',
  );
  expect(JSON.parse(second ?? '')).toMatchObject({ title: '=a\n"b"', listed: false });
  expect(end).toBe('');
});
