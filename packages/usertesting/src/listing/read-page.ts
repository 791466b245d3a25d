import { z } from 'zod';
import type { Problem } from '../http/parsed-by.ts';
import { isUsableId } from '../http/path-segment.ts';
import { wellFormed } from '../http/well-formed.ts';

/** A test as its workspace lists it. */
export interface ListedTest {
  readonly uuid: string;
  readonly title: string | null;
  /** As given; ISO 8601 in the reference. */
  readonly orderedAt: string | null;
  readonly type?: string;
  readonly productType?: string;
}

export interface ListingPage {
  readonly tests: readonly ListedTest[];
  /** The cursor for the next page, null when there is none. */
  readonly next: string | null;
}

const text = z.string().transform(wellFormed);
const word = text.optional().catch(undefined);
const study = z.object({
  uuid: text.pipe(z.string().min(1)),
  title: word,
  orderedAt: word,
  type: word,
  productType: word,
});
const wrapped = z.object({ studies: z.array(z.unknown()).nullable() });
const last = z.object({ cursor: z.string().min(1) });

/**
 * One page of a workspace: `{studies: […]}` (null is an empty list) or a bare list. Studies without a UUID are skipped, repeated ones taken
 * once; the next cursor is the last study's. Never throws.
 */
export function readPage(json: unknown): ListingPage | Problem {
  const page = Array.isArray(json) ? { studies: json } : wrapped.safeParse(json).data;
  if (page === undefined) return { problem: 'the body is neither a list of studies nor an object with one' };
  const studies = page.studies ?? [];
  const tests = new Map<string, ListedTest>();
  for (const item of studies) {
    const checked = study.safeParse(item);
    if (!checked.success || tests.has(checked.data.uuid)) continue;
    const { uuid, title = null, orderedAt = null, type, productType } = checked.data;
    const declared = { ...(type === undefined ? {} : { type }), ...(productType === undefined ? {} : { productType }) };
    tests.set(uuid, { uuid, title, orderedAt, ...declared });
  }
  const next = last.safeParse(studies.at(-1)).data?.cursor ?? null;
  if (next !== null && !isUsableId(next)) return { problem: 'the last study has no usable cursor' };
  return { tests: [...tests.values()], next };
}
