import { z } from 'zod';
import { tellsOfError } from '../http/body.ts';
import type { Problem } from '../http/http-client.ts';
import { isUsableId } from '../http/urls.ts';

export interface Workspace {
  readonly uuid: string;
  /** Its name, else label, else title, else `Unknown`. */
  readonly name: string;
}

/** A test as its workspace lists it. */
export interface ListedTest {
  readonly uuid: string;
  readonly title?: string | undefined;
  /** As given; ISO 8601 in the reference. */
  readonly orderedAt?: string | undefined;
  readonly type?: string | undefined;
  readonly productType?: string | undefined;
}

export interface ListingPage {
  readonly tests: readonly ListedTest[];
  /** The cursor for the next page, null when there is none. */
  readonly next: string | null;
  /** How many of its studies have no usable UUID, and so are no tests for us; missing when all have one. */
  readonly skipped?: number;
}

/** Longer texts of a listing are cut: they are held in memory and stored for each test. */
const longestText = 1_000;
/** Half a surrogate pair becomes U+FFFD: neither Redis' Lua nor a file can hold it. */
const shortened = (value: string): string => value.slice(0, longestText).toWellFormed();
/** An id is never cut, because it would name something else; a longer one is none. */
const id = z
  .string()
  .min(1)
  .max(longestText)
  .transform((value) => value.toWellFormed());
const nonEmpty = z.string().min(1);
const identified = z.object({ uuid: nonEmpty.max(longestText) });
const name = nonEmpty.transform(shortened).optional().catch(undefined);
const names = z.object({ name, label: name, title: name });

/**
 * The workspaces in their order; items without a UUID are skipped, but one must have it. Repeated ones are listed once.
 * Never throws.
 */
export function readWorkspaces(json: unknown): readonly Workspace[] | Problem {
  if (!Array.isArray(json)) return { problem: 'the body is not a list of workspaces' };
  const found = new Map<string, Workspace>();
  for (const item of json) {
    const uuid = identified.safeParse(item).data?.uuid;
    if (uuid === undefined || found.has(uuid)) continue;
    const { name, label, title } = names.parse(item);
    found.set(uuid, { uuid, name: name ?? label ?? title ?? 'Unknown' });
  }
  if (found.size === 0 && json.length > 0) return { problem: 'none of its workspaces has a UUID' };
  return [...found.values()];
}

const word = z.unknown().optional();
const study = z.object({ uuid: id, title: word, orderedAt: word, type: word, productType: word });
/** What is not a text counts as missing. */
const wordOf = (value: unknown): string | undefined => (typeof value === 'string' ? shortened(value) : undefined);
const wrapped = z.looseObject({ studies: z.array(z.unknown()).nullable() });
/** Documented as text; a number is the same in an address. */
const last = z.object({ cursor: z.string().or(z.number().transform(String)).nullish() });

/**
 * One page of a workspace: `{studies: […]}` (null is an empty list) or a bare list. Studies without a UUID are skipped, but
 * one must have it, and none may be missing because of an error: an empty page would end the listing. Repeated ones are
 * listed once; the next cursor is the last study's. Never throws.
 */
export function readPage(json: unknown): ListingPage | Problem {
  const page = Array.isArray(json) ? { studies: json } : wrapped.safeParse(json).data;
  if (page === undefined) return { problem: 'the body is neither a list of studies nor an object with one' };
  const studies = page.studies ?? [];
  if (studies.length === 0 && tellsOfError(page)) return { problem: 'the body tells of an error in place of studies' };
  const tests = new Map<string, ListedTest>();
  let skipped = 0;
  for (const item of studies) {
    const checked = study.safeParse(item);
    if (!checked.success) skipped += 1;
    if (!checked.success || tests.has(checked.data.uuid)) continue;
    const { uuid, title, orderedAt, type, productType } = checked.data;
    tests.set(uuid, {
      uuid,
      title: wordOf(title),
      orderedAt: wordOf(orderedAt),
      type: wordOf(type),
      productType: wordOf(productType),
    });
  }
  if (tests.size === 0 && skipped > 0) return { problem: 'none of its studies has a UUID' };
  const [end = {}] = studies.slice(-1);
  const checked = last.safeParse(end);
  const next = checked.data?.cursor || null;
  if (!checked.success || (next !== null && !isUsableId(next)))
    return { problem: 'the last study has no usable cursor' };
  return { tests: [...tests.values()], next, ...(skipped > 0 && { skipped }) };
}
