import { describe, expect, it } from 'vitest';
import {
  allTests,
  downloadUrl,
  listingHref,
  overviewHref,
  runHref,
  runsHref,
  testHref,
  testsUrl,
  viewOf,
} from './addresses.ts';

const chosen = { ...allTests, q: 'a & b', category: 'no sessions', sort: 'title', order: 'asc' } as const;

describe("the page's address", () => {
  it('names what is shown, and is read back as the same', () => {
    const paged = { ...chosen, cursor: 'abc', page: 3 };
    expect(viewOf(listingHref(paged))).toEqual({ name: 'tests', run: null, test: null, listing: paged });
    expect(viewOf(listingHref(allTests))).toEqual({ name: 'tests', run: null, test: null, listing: allTests });
    expect(viewOf(testHref('u'))).toMatchObject({ name: 'test', test: 'u' });
    expect(viewOf(runsHref).name).toBe('runs');
    expect(viewOf(runHref('7'))).toMatchObject({ name: 'run', run: '7' });
    expect([viewOf('').name, overviewHref]).toEqual(['overview', './']);
  });

  it('with any choice of tests opens at the table, also when it is from elsewhere', () => {
    expect(viewOf('?q=checkout').name).toBe('tests');
    expect(viewOf('?ordered=2026-03&view=runs').name).toBe('tests');
  });

  it('has no default values, and is read without values that make no sense', () => {
    expect(listingHref({ ...allTests, workspace: 'w' })).toBe('?workspace=w');
    expect(viewOf('?sort=colour&order=up&page=-1&other=1')).toMatchObject({ name: 'overview', listing: allTests });
    expect(viewOf('?page=7').listing.page).toBe(1);
  });
});

describe("the API's address", () => {
  it('has the filters and the order, and the cursor unless it is for a file', () => {
    expect(testsUrl({ ...chosen, cursor: 'abc' })).toBe(
      'api/tests?q=a+%26+b&category=no+sessions&sort=title&order=asc&cursor=abc',
    );
    expect(downloadUrl({ ...chosen, cursor: 'abc', error: 'any' }, 'csv')).toBe(
      'api/tests?q=a+%26+b&category=no+sessions&error=any&sort=title&order=asc&format=csv',
    );
  });
});
