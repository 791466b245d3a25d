import { describe, expect, it } from 'vitest';
import { allTests, downloadUrl, listingHref, testHref, testsUrl, viewOf } from './addresses.ts';

const chosen = { ...allTests, q: 'a & b', category: 'no sessions', sort: 'title', order: 'asc' } as const;

describe("the page's address", () => {
  it('names what is shown, and is read back as the same', () => {
    const paged = { ...chosen, cursor: 'abc', page: 3 };
    expect(viewOf(listingHref(paged))).toEqual({ test: null, listing: paged });
    expect(viewOf(testHref('u')).test).toBe('u');
  });

  it('has no default values', () => {
    expect(listingHref(allTests)).toBe('./');
    expect(listingHref({ ...allTests, workspace: 'w' })).toBe('?workspace=w');
    expect(viewOf('')).toEqual({ test: null, listing: allTests });
  });

  it('is read without values that make no sense', () => {
    expect(viewOf('?sort=colour&order=up&page=-1&other=1').listing).toEqual(allTests);
    expect(viewOf('?page=7').listing.page).toBe(1);
  });
});

describe("the API's address", () => {
  it('has the filters and the order, and the cursor unless it is for a file', () => {
    expect(testsUrl({ ...chosen, cursor: 'abc' })).toBe(
      'api/tests?q=a+%26+b&category=no+sessions&sort=title&order=asc&cursor=abc',
    );
    expect(downloadUrl({ ...chosen, cursor: 'abc' }, 'csv')).toBe(
      'api/tests?q=a+%26+b&category=no+sessions&sort=title&order=asc&format=csv',
    );
  });
});
