import type { RedisClient } from '@inventory/redis';
import { CheckpointScript } from './checkpoint-script.ts';
import { throwRunLost } from './errors.ts';
import { keysOf } from './keys.ts';
import type { Failure, NewVerdict } from './outcome.ts';
import { type ListingRecord, type WorkspaceRecord, workspaceRecord } from './records.ts';

const savePage = new CheckpointScript(`
local page = cjson.decode(ARGV[1])
local run = load(runs, page.run)
if not run then return redis.error_reply('RUNLOST') end
local enqueue = {}

-- a listing but for the run that has seen it; quotes within a title are escaped, so only the field itself matches
local function shown(text)
  return (string.gsub(text, ',"run":"%d*"', '', 1))
end

local function list(test)
  local before = redis.call('HGET', listing, test.uuid)
  if before == test.listing then return end
  local same = before and shown(before) == shown(test.listing)
  if not before then
    redis.call('ZADD', catalogue, 0, test.uuid)
  elseif not same then
    local known = cjson.decode(before)
    if known.run == page.run and known.position > page.position then return end
  end
  redis.call('HSET', listing, test.uuid, test.listing)
  if not same then changed() end
end

-- what has to be asked again is forgotten, unless that was done when the test was taken up
local function dropEvidence(uuid, verdict)
  if verdict and redis.call('HEXISTS', open, uuid) == 0 then
    if verdict.provisionalUntil then return dropAbsence(uuid, clock()) end
    return redis.call('HDEL', evidence, uuid)
  end
  local known = load(evidence, uuid)
  if known and stale(uuid, known, page.joinedAt) then redis.call('HDEL', evidence, uuid) end
end

-- whether a verdict is looked at again: there were no sessions, or what was absent may be there by now
local function dueAgain(verdict)
  if verdict.provisionalUntil then return verdict.provisionalUntil <= clock() end
  -- a run from before the clock was set back cannot tell what it has looked at: the next one looks
  return verdict.category == 'no sessions' and run.startedAt <= clock() and not since(verdict.at, run.startedAt)
end

-- what the listing decides of tests that nobody waits for, and that have not failed, is counted for the run in one go:
-- most pages are all of that
local declared, outcomes = 0, {}

local function declare(test)
  local known = redis.call('HEXISTS', open, test.uuid) + redis.call('HEXISTS', errors, test.uuid) > 0
  if known then take(test.uuid, page.run) end
  decide(test.uuid, test.verdict)
  if known then return settle(test.uuid, test.verdict.category) end
  declared = declared + 1
  outcomes[test.verdict.category] = (outcomes[test.verdict.category] or 0) + 1
end

for _, test in ipairs(page.tests) do
  list(test)
  if test.known then mayBeControl(test.uuid) end
  local verdict = load(verdicts, test.uuid)
  if not verdict or dueAgain(verdict) then
    local failed = failedAt(test.uuid)
    if test.verdict then
      declare(test)
    elseif page.probe and not since(failed, page.joinedAt) then
      dropEvidence(test.uuid, verdict)
      take(test.uuid, page.run)
      enqueue[#enqueue + 1] = test.uuid
      enqueue[#enqueue + 1] = verdict and 'recheck' or 'new'
    end
  end
end
if declared > 0 then
  run = load(runs, page.run)
  run.selected = run.selected + declared
  for category, count in pairs(outcomes) do run.outcomes[category] = (run.outcomes[category] or 0) + count end
  save(runs, page.run, run)
end
return enqueue
`);

const saveWorkspaces = new CheckpointScript(`
for index = 1, #ARGV, 3 do
  local uuid, name, position = ARGV[index], ARGV[index + 1], tonumber(ARGV[index + 2])
  local record = load(workspaces, uuid) or { listedAt = 0 }
  if record.name ~= name or record.position ~= position then
    record.name = name
    record.position = position
    save(workspaces, uuid, record)
    changed()
  end
end
return 1
`);

const finishWorkspace = new CheckpointScript(`
redis.call('HDEL', cursors, ARGV[1])
local workspace, run = load(workspaces, ARGV[1]), load(runs, ARGV[2])
if workspace and run then
  workspace.listedAt = run.startedAt
  save(workspaces, ARGV[1], workspace)
end
if redis.call('HDEL', errors, 'workspace:' .. ARGV[1]) == 1 then changed() end
return 1
`);

const failWorkspace = new CheckpointScript(`
redis.call('HSET', errors, 'workspace:' .. ARGV[1], stamped(ARGV[2]))
changed()
return 1
`);

// Times of cursors are Redis' own: another process may go on where one was interrupted.
const saveCursor = new CheckpointScript(`
save(cursors, ARGV[1], { run = ARGV[2], cursor = ARGV[3], at = clock() })
return 1
`);

const readCursor = new CheckpointScript(`
local saved = load(cursors, ARGV[1])
if not saved or saved.run ~= ARGV[2] or clock() - saved.at >= tonumber(ARGV[3]) then return false end
return saved.cursor
`);

/** A test of one page, as the listing shows it, with what the listing itself decides. */
export interface PageTest {
  readonly uuid: string;
  readonly listing: Omit<ListingRecord, 'workspace' | 'position' | 'run'>;
  readonly declared: NewVerdict | null;
}

export interface Page {
  readonly run: string;
  /** When this process joined the run (epoch ms): a test that failed since then is not taken up again. */
  readonly joinedAt: number;
  readonly workspace: string;
  readonly position: number;
  /** False when what the listing does not decide stays undecided. */
  readonly probe: boolean;
  readonly tests: readonly PageTest[];
}

/** A test that has to be enqueued: never decided, or looked at again. */
export interface Selected {
  readonly uuid: string;
  readonly why: 'new' | 'recheck';
}

/** What the producer writes down while it lists workspaces and tests. */
export class ListingCheckpoint {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Saves the names and the order of all workspaces. */
  async saveWorkspaces(workspaces: readonly { readonly uuid: string; readonly name: string }[]): Promise<void> {
    const args = workspaces.flatMap(({ uuid, name }, position) => [uuid, name, position]);
    await saveWorkspaces.run(this.#client, this.#prefix, args);
  }

  /**
   * Saves a page, records what the listing decides, and takes up every test that still needs an outcome. All
   * of it is one act, so no test is lost or taken up twice whatever other processes do.
   * @returns the tests to enqueue
   * @throws RunLostError when Redis has forgotten the run.
   */
  async savePage(page: Page): Promise<Selected[]> {
    const { run, joinedAt, workspace, position, probe } = page;
    const tests = page.tests.map(({ uuid, listing, declared }) => {
      const record: ListingRecord = { workspace, position, run, ...listing };
      // Tests of this type are those that the Results API serves (the API reference).
      const known = listing.type?.toUpperCase() === 'STUDYV2';
      const verdict = declared && { verdict: declared };
      return { uuid, listing: JSON.stringify(record), ...(known && { known }), ...verdict };
    });
    const body = JSON.stringify({ run, joinedAt, position, probe, tests });
    const answer = await savePage.run(this.#client, this.#prefix, [body]).catch(throwRunLost);
    const flat = answer as string[];
    return flat.flatMap((uuid, index) =>
      index % 2 === 0 ? [{ uuid, why: flat[index + 1] === 'recheck' ? 'recheck' : 'new' }] : [],
    );
  }

  /** Saves where the listing of a workspace goes on; called after the page has been enqueued. */
  async saveCursor(workspace: string, run: string, cursor: string): Promise<void> {
    await saveCursor.run(this.#client, this.#prefix, [workspace, run, cursor]);
  }

  /** Where an interrupted listing of this run goes on, or null. @param maxAge in ms: cursors are positional */
  async cursor(workspace: string, run: string, maxAge: number): Promise<string | null> {
    return (await readCursor.run(this.#client, this.#prefix, [workspace, run, maxAge])) as string | null;
  }

  /** Notes that a workspace has been listed to its end, which also ends an error of its listing. */
  async finishWorkspace(workspace: string, run: string): Promise<void> {
    await finishWorkspace.run(this.#client, this.#prefix, [workspace, run]);
  }

  /** Records that a workspace could not be listed. */
  async failWorkspace(workspace: string, failure: Failure): Promise<void> {
    await failWorkspace.run(this.#client, this.#prefix, [workspace, JSON.stringify(failure)]);
  }

  /** All workspaces ever listed, by UUID. */
  async workspaces(): Promise<Map<string, WorkspaceRecord>> {
    const all = await this.#client.hgetall(keysOf(this.#prefix).workspaces);
    return new Map(Object.entries(all).map(([uuid, text]) => [uuid, workspaceRecord.parse(JSON.parse(text))]));
  }
}
