import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  CredentialsRefusedError,
  RejectedError,
  ThrottledError,
  TokenEndpointDownError,
  TransientError,
  UnauthorizedError,
} from '../errors.ts';
import { forEachWorkspace, listPages } from './list-pages.ts';
import type { ListingPage } from './listing-answers.ts';

const signal = new AbortController().signal;
const page = (number: number, next: string | null = null): ListingPage => {
  return { tests: [{ uuid: `test-${number}` }], next };
};
const empty: ListingPage = { tests: [], next: null };

/** A workspace that gives these pages and errors in turn, and the cursors that it was asked for. */
function workspace(...answers: readonly (ListingPage | Error)[]) {
  const asked: (string | null)[] = [];
  const listing = {
    async page(_: string, after: string | null): Promise<ListingPage> {
      const answer = answers[asked.push(after) - 1] ?? empty;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { asked, listing };
}

async function collect(pages: AsyncIterable<ListingPage>): Promise<ListingPage[]> {
  const all: ListingPage[] = [];
  for await (const each of pages) all.push(each);
  return all;
}

const list = (listing: ReturnType<typeof workspace>['listing'], from: string | null = null) =>
  collect(listPages(listing, { workspaceUuid: 'w', from, signal }));

describe('the pages of a workspace', () => {
  it('come in their order, each with the cursor to continue from after it', async () => {
    const { asked, listing } = workspace(page(1, 'AA'), page(2, 'BB'), page(3));
    expect(await list(listing)).toEqual([page(1, 'AA'), page(2, 'BB'), page(3)]);
    expect(asked).toEqual([null, 'AA', 'BB']);
  });

  it.each([
    ['a cursor that was used before', [page(1, 'AA'), page(2, 'BB'), page(3, 'AA'), page(4, 'CC')], [null, 'AA', 'BB']],
    ['a cursor that repeats', [page(1, 'AA'), page(2, 'AA'), page(3, 'AA')], [null, 'AA']],
    ['a missing cursor', [page(1), page(2)], [null]],
    ['an empty page, whatever its cursor', [page(1, 'AA'), { tests: [], next: 'BB' }, page(3)], [null, 'AA']],
  ])('end at %s', async (_what, answers, cursors) => {
    const { asked, listing } = workspace(...answers);
    const pages = await list(listing);
    expect(asked).toEqual(cursors);
    expect(pages).toHaveLength(cursors.length);
    expect(pages.at(-1)?.next).toBeNull();
  });

  it('are fetched one ahead of the page that is worked on', async () => {
    const { asked, listing } = workspace(page(1, 'AA'), page(2, 'BB'), page(3, 'CC'));
    const pages = listPages(listing, { workspaceUuid: 'w', from: null, signal });
    await pages.next();
    expect(asked).toEqual([null, 'AA']);
    await pages.next();
    expect(asked).toEqual([null, 'AA', 'BB']);
    await pages.return(undefined);
  });

  it('begin at the cursor of an interrupted listing, which counts as used', async () => {
    const { asked, listing } = workspace(page(2, 'BB'), page(3, 'AA'), page(4, 'DD'));
    await list(listing, 'AA');
    expect(asked).toEqual(['AA', 'BB']);
  });

  it('begin at the start when the API rejects that cursor, which may then come again', async () => {
    const rejected = new RejectedError('no', 'invalid_pagination_error');
    const { asked, listing } = workspace(rejected, page(1, 'AA'), page(2));
    expect(await list(listing, 'AA')).toEqual([page(1, 'AA'), page(2)]);
    expect(asked).toEqual(['AA', null, 'AA']);
  });

  it.each([
    ['any other error at that cursor', 'AA', new TransientError('down', 'network_error')],
    ['a rejected first page', null, new RejectedError('no', 'unclassified_error')],
  ])('do not begin again for %s', async (_what, from, error) => {
    const { asked, listing } = workspace(error);
    await expect(list(listing, from)).rejects.toBe(error);
    expect(asked).toEqual([from]);
  });

  it('that bring nothing new three times in a row end with an error', async () => {
    const { asked, listing } = workspace(page(1, 'AA'), page(1, 'BB'), page(1, 'CC'), page(1, 'DD'), page(1, 'EE'));
    await expect(list(listing)).rejects.toMatchObject({
      name: 'RejectedError',
      type: 'invalid_pagination_error',
      message: expect.stringContaining('3 pages in a row brought no new test'),
    });
    expect(asked).toEqual([null, 'AA', 'BB', 'CC']);
  });

  it('may bring nothing new twice in a row, and at the end', async () => {
    const answers = [page(1, 'AA'), page(1, 'BB'), page(1, 'CC'), page(2, 'DD'), page(2, 'EE'), page(2, 'FF'), page(2)];
    const { listing } = workspace(...answers);
    expect(await list(listing)).toEqual(answers);
  });

  it('that are given up leave no failure of the page on its way unhandled', async () => {
    const { listing } = workspace(page(1, 'AA'), new Error('late'));
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    for await (const _ of listPages(listing, { workspaceUuid: 'w', from: null, signal })) break;
    const stopped = AbortSignal.abort();
    const { listing: failing } = workspace(new Error('first'));
    expect(await collect(listPages(failing, { workspaceUuid: 'w', from: null, signal: stopped }))).toEqual([]);
    await sleep(20);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('end after the page at which the signal fires', async () => {
    const { listing } = workspace(page(1, 'AA'), page(2, 'BB'), page(3));
    const stopping = new AbortController();
    const got: ListingPage[] = [];
    for await (const each of listPages(listing, { workspaceUuid: 'w', from: null, signal: stopping.signal })) {
      got.push(each);
      stopping.abort();
    }
    expect(got).toEqual([page(1, 'AA')]);
  });
});

describe('workspaces side by side', () => {
  const workspaces = ['a', 'b', 'c', 'd', 'e', 'f'];

  /** Lists them; `errors` says which fail with what. */
  async function listAll(errors: Readonly<Record<string, Error>>, outer = signal) {
    const done: string[] = [];
    const failed: string[] = [];
    let running = 0;
    let most = 0;
    const ended = await forEachWorkspace({
      workspaces,
      signal: outer,
      async list(uuid, stop) {
        most = Math.max(most, ++running);
        await sleep(1);
        running -= 1;
        if (errors[uuid] !== undefined) throw errors[uuid];
        await sleep(4);
        if (!stop.aborted) done.push(uuid);
      },
      failed: (uuid) => void failed.push(uuid),
    }).catch((error: unknown) => error);
    return { done: done.sort(), failed, ended, running, most };
  }

  it('are listed four at a time', async () => {
    expect(await listAll({})).toMatchObject({ done: workspaces, failed: [], ended: undefined, most: 4 });
  });

  it.each([
    new RejectedError('no', 'unclassified_error'),
    new TransientError('down', 'network_error'),
    new ThrottledError('slow', null),
  ])('of which one fails with %o go on without it', async (error) => {
    const { done, failed, ended } = await listAll({ b: error });
    expect({ done, failed, ended }).toEqual({ done: ['a', 'c', 'd', 'e', 'f'], failed: ['b'], ended: undefined });
  });

  it.each([
    new UnauthorizedError('refused'),
    new CredentialsRefusedError('refused'),
    new TokenEndpointDownError('down'),
    new Error('Redis is away'),
  ])('all stop for %o, which is thrown when the last has stopped', async (error) => {
    expect(await listAll({ b: error })).toMatchObject({ done: [], failed: [], ended: error, running: 0 });
  });

  it('end quietly when the signal fires', async () => {
    const stopping = new AbortController();
    stopping.abort(new Error('stopped'));
    expect(await listAll({}, stopping.signal)).toMatchObject({ done: [], ended: undefined });
  });
});
