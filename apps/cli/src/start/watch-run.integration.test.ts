import { beforeEach, expect, it } from 'vitest';
import { closeCircuit, openCircuit } from '../../../../test/support/open-circuit.ts';
import type { TestAccount } from '../../../../test/support/open-test-account.ts';
import { openCliAccount } from '../../../../test/support/open-test-account.ts';
import { watchRun } from './watch-run.ts';

const minute = 60_000;
const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
let account: TestAccount;
beforeEach(async () => {
  account = await openCliAccount({ sandbox: { library: { seed: 5, tests: 3, workspaces: 1 } } });
  await account.produceAll();
});

const circuit = ({ minutes, nextIn = 5 * minute, failed = 0 }: { minutes: number; nextIn?: number; failed?: number }) =>
  openCircuit(account.runtime.checkpoints, { forMs: minutes * minute, nextInMs: nextIn, failed });

/** Waits until a watcher has looked again. */
async function nextLook(notes: readonly string[]): Promise<void> {
  const seen = notes.length;
  await expect.poll(() => notes.length).toBeGreaterThan(seen + 1);
}

/** A request that goes out and fails, or is given back unsent; the watcher sees both. */
async function request(open: { minutes: number; failed: number }, notes: readonly string[]): Promise<void> {
  for (const state of [{ failed: 0, nextIn: minute }, { nextIn: 6 * minute }]) {
    await nextLook(notes);
    await circuit({ ...open, ...state });
  }
}

/** Gives every open test a verdict. */
async function classifyAll(): Promise<void> {
  const { inventory, test } = account.runtime.checkpoints;
  for await (const uuids of inventory.open()) for (const uuid of uuids) await test.decide(uuid, survey);
}

/** Watches a run, and collects everything that is shown. */
async function watching() {
  const { runtime } = account;
  const lines: string[] = [];
  const said: string[] = [];
  const notes: string[] = [];
  const stopping = new AbortController();
  const listed = new AbortController();
  listed.abort();
  const [run] = await runtime.checkpoints.runs.list();
  const display = {
    wait: () => undefined,
    line: (text: string) => void lines.push(text),
    say: (text: string) => void said.push(text),
    update: ({ left }: { left: readonly string[] }) => void notes.push(left.join(', ')),
    end: () => undefined,
  };
  const ended = watchRun({
    runtime,
    account: account.account,
    display,
    feed: await runtime.checkpoints.follow(),
    run: run?.id ?? '',
    listed: listed.signal,
    signal: stopping.signal,
  });
  ended.catch(() => undefined);
  return { lines, said, notes, ended, stop: () => stopping.abort() };
}

it('announces once that the API does not answer, why and what comes next, and once that it answers again', async () => {
  const { said, notes, ended, stop } = await watching();
  await expect.poll(() => notes.length).toBeGreaterThan(0);
  await circuit({ minutes: 12 });
  await expect
    .poll(() => notes.at(-1))
    .toMatch(/^no answer since [\d-]* ?\d\d:\d\d:\d\d, next request \d\d:\d\d:\d\d$/);
  const shown = notes.length;
  await expect.poll(() => notes.length).toBeGreaterThan(shown + 1);
  expect(said).toEqual([
    expect.stringMatching(
      /^\[WARN\] The Results API has not answered since [\d: -]+ \(5 requests in a row failed\); no requests except one at \d\d:\d\d:\d\d\. All work is kept; /,
    ),
  ]);
  await closeCircuit(account.runtime.checkpoints);
  await expect.poll(() => said.slice(1)).toEqual(['[INFO] The Results API answers again, after 12 min.']);
  expect(notes.at(-1)).toMatch(/left \(ends about .*\), ~\d+ requests to go$/);
  stop();
  await ended;
});

it('gives up after an hour without an answer, and says that everything is kept', async () => {
  await circuit({ minutes: 1 });
  const { notes, ended } = await watching();
  await request({ minutes: 61, failed: 1 }, notes);
  await expect(ended).rejects.toMatchObject({
    name: 'CircuitOpenError',
    message: expect.stringMatching(/^The Results API has not answered since .* \(5 requests .* all work is kept/),
  });
});

it('waits for one more request before it gives up on a circuit that was open at its start', async () => {
  await circuit({ minutes: 600, nextIn: -1 });
  const { notes, ended } = await watching();
  await expect.poll(() => notes.length).toBeGreaterThan(2);
  expect(notes.at(-1)).toMatch(/, request under way$/);
  await request({ minutes: 600, failed: 0 }, notes);
  // A permit that came too late to be used was no request.
  await nextLook(notes);
  await request({ minutes: 600, failed: 1 }, notes);
  await expect(ended).rejects.toMatchObject({ name: 'CircuitOpenError' });
});

it('shows the outcomes of its own run, not those of one beside it', async () => {
  const { listing, runs } = account.runtime.checkpoints;
  const { lines, ended } = await watching();
  const { id: run, joinedAt } = await runs.start('another');
  const tests = [{ uuid: 'theirs', listing: {}, declared: null }];
  await listing.savePage({ run, joinedAt, workspace: 'w', position: 9, probe: true, tests });
  await classifyAll();
  await ended;
  expect(lines).toEqual([1, 2, 3].map((number) => expect.stringMatching(`^\\[${number}/3\\] (?!.*theirs)`)));
});

it('gives up after an hour of nothing but 429, also where the test in hand is another run’s', async () => {
  const { listing, runs, test } = account.runtime.checkpoints;
  const { notes, ended } = await watching();
  await nextLook(notes);
  const { id: run, joinedAt } = await runs.start('another');
  const tests = [{ uuid: 'theirs', listing: {}, declared: null }];
  await listing.savePage({ run, joinedAt, workspace: 'w', position: 9, probe: true, tests });
  const failure = { status: 429, status_code: 429, error: '', body: null, attempts: 1 };
  await test.fail('theirs', { ...failure, type: 'rate_limited_then_failed' });
  await expect(ended).rejects.toMatchObject({ name: 'GaveUpError' });
});

it('ends a run that is complete although the circuit is open', async () => {
  await classifyAll();
  await circuit({ minutes: 600 });
  const { ended } = await watching();
  expect(await ended).toMatchObject({ open: 0, selected: 3 });
});
