import { ChangesDroppedError, isCursor, type TestRecord } from '@inventory/checkpoints';
import { categories, certainties } from '@inventory/classification';
import { type ExportRow, readRows, rowMatcher } from '@inventory/exports';
import { knownWorkspaces, type Runtime } from '@inventory/runtime';
import { endpointNames, readChanges, readRun, readStatus, testDetail } from '@inventory/status';
import { z } from 'zod';
import { findTest, missedLines } from '../find-test.ts';
import { statusFacts } from '../status.ts';

/** A question that an assistant can ask. */
interface Tool<Input extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** For the assistant: when to ask it, and what the answer has. */
  readonly description: string;
  readonly input: Input;
  /** What it throws is told to the assistant. @param input as the server has checked it */
  answer(runtime: Runtime, input: z.output<z.ZodObject<Input>>): Promise<object>;
}

/** Infers what the input is. */
const tool = <Input extends z.ZodRawShape>(parts: Tool<Input>): Tool<Input> => parts;

const text = (what: string) => z.string().max(200).describe(what);
const limit = (usual: number, most: number) =>
  z.int().min(1).max(most).default(usual).describe('How many tests at most.');
const oneTest = { test_uuid: text('UUID of the test, or its first characters.') };

const searchTests = tool({
  name: 'search_tests',
  title: 'Search tests',
  description:
    'Tests by words of their title and by facts, the latest order first; without a filter all of them. `total` counts all ' +
    'that match. `category` null: not classified yet. `listed` false: UserTesting no longer has it.',
  input: {
    query: text('Words of the title in any order, or the start of a UUID.').optional(),
    workspace: text('Name or UUID of a workspace.').optional(),
    category: z.enum([...categories, 'undecided']).optional(),
    platform: z
      .enum(['UTZ', 'ClassicUT'])
      .optional()
      .describe('UTZ tests work with the Results API, ClassicUT do not.'),
    certainty: z.enum(certainties).optional(),
    error: text('Type of the error in which the test ended, or `any`.').optional(),
    ordered: text('Month or year of the order: 2026-03, 2026.').optional(),
    limit: limit(20, 100),
    offset: z.int().min(0).default(0).describe('How many matches to leave out.'),
  },
  async answer({ checkpoints }, { query, workspace, limit: most, offset, ...facts }) {
    const [wanted] = workspace === undefined ? [] : await knownWorkspaces(checkpoints, [workspace]);
    const filter = { ...facts, q: query, workspace: wanted };
    const matches = rowMatcher(filter) ?? (() => true);
    const found: ExportRow[] = [];
    for await (const rows of readRows(checkpoints)) found.push(...rows.filter(matches));
    found.sort((a, b) => (b.ordered_at ?? '').localeCompare(a.ordered_at ?? ''));
    return { total: found.length, tests: found.slice(offset, offset + most) };
  },
});

const explainTest = tool({
  name: 'explain_test',
  title: 'Explain a test',
  description:
    'Why a test has its type: the verdict, the rule behind it, and what each endpoint of the API answered when.',
  input: oneTest,
  async answer({ checkpoints }, { test_uuid }) {
    const record = await testOf(checkpoints, test_uuid);
    return testDetail(record, record.listing, await checkpoints.listing.workspaces());
  },
});

const testData = tool({
  name: 'test_data',
  title: 'What data a test offers',
  description:
    'Which data the Results API has of a test: video, QX scores, transcript; each true, false, or null where it is not known. ' +
    'The data themselves are not here.',
  input: oneTest,
  async answer({ checkpoints }, { test_uuid }) {
    const record = await testOf(checkpoints, test_uuid);
    const { title, platform, category, offers } = testDetail(record, record.listing, new Map());
    return { test_uuid: record.uuid, title, platform, category, offers, endpoints: endpointNames };
  },
});

const summary = tool({
  name: 'summary',
  title: 'Summary',
  description:
    'How many tests there are of each category, whether a run is going on and how long it still takes, the last runs, errors.',
  input: {},
  answer: async (runtime) => statusFacts(await readStatus(runtime)),
});

const whatChanged = tool({
  name: 'what_changed',
  title: 'What changed',
  description:
    'What the last run changed: new tests, newly classified, type changed, no longer listed, errors. With `since`: every change ' +
    'after that, of all runs, the oldest first; `next` is the `since` for those that follow.',
  input: {
    run: text('Id of a run, or `latest`.').default('latest'),
    since: text('A time in ISO 8601, or `next` of an earlier answer.').optional(),
    limit: limit(50, 500),
  },
  async answer({ checkpoints }, { run, since, limit: most }) {
    if (since === undefined) {
      const report = await readRun(checkpoints, { id: run, most });
      if (report !== null) return report;
      if (run === 'latest') throw new Error('There has been no run yet.');
      throw new Error(`No run ${run} is known (any more); summary has the ids of the last ones.`);
    }
    return await changesSince(checkpoints, since, most);
  },
});

export const tools: readonly Tool[] = [searchTests, explainTest, testData, summary, whatChanged];

type Checkpoints = Runtime['checkpoints'];

type ListedTest = TestRecord & { readonly listing: NonNullable<TestRecord['listing']> };

/** @throws Error that names similar tests when it is none of them */
async function testOf(checkpoints: Checkpoints, word: string): Promise<ListedTest> {
  const found = await findTest(checkpoints, word, { byStart: true });
  if (found.kind !== 'found') throw new Error(missedLines(found).join('\n'));
  const { record } = found;
  if (record.listing === null) throw new Error(`The test ${record.uuid} is not in any listing so far.`);
  return { ...record, listing: record.listing };
}

/** Changes after a time or a cursor; the oldest that are kept where those are gone. @throws Error for anything else */
async function changesSince(checkpoints: Checkpoints, since: string, most: number): Promise<object> {
  const time = Math.max(0, Date.parse(since));
  if (!isCursor(since) && Number.isNaN(time)) throw new Error(`${since} is neither a time in ISO 8601 nor a cursor.`);
  try {
    // Changes are numbered by their time.
    return await readChanges(checkpoints, isCursor(since) ? since : `${time}-0`, most);
  } catch (error) {
    if (!(error instanceof ChangesDroppedError)) throw error;
    // It is later than the last one.
    if (Number.parseInt(error.next, 10) < time) return { changes: [], next: error.next };
    const { changes, next } = await readChanges(checkpoints, null, most);
    return { note: 'The changes right after that are no longer kept; these are the oldest that are.', changes, next };
  }
}
