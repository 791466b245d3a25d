import { categories, type Evidence, type RuleSetName, ruleSetNames, type Verdict } from '@inventory/classification';
import { z } from 'zod';
import { UnknownRulesError } from './errors.ts';

/** A workspace as last listed. `position` is its place in the workspace list. */
export const workspaceRecord = z.object({
  name: z.string(),
  position: z.number(),
  /** Start of the last run that listed all of its tests (epoch ms); 0 if none did. */
  listedAt: z.number(),
});
export type WorkspaceRecord = z.output<typeof workspaceRecord>;

/** A test as last listed. */
export const listingRecord = z.object({
  workspace: z.string(),
  /** Place of the workspace in the list: of several workspaces the last one counts. */
  position: z.number(),
  /** Run that listed it last; empty for imported records. */
  run: z.string(),
  title: z.string().optional(),
  orderedAt: z.string().optional(),
  type: z.string().optional(),
  productType: z.string().optional(),
  /** The UUID as the listing spells it, which requests use; missing where that is the test's key. */
  spelling: z.string().optional(),
});
export type ListingRecord = z.output<typeof listingRecord>;

export const errorTypes = [
  'auth_error',
  'invalid_pagination_error',
  'rate_limited_then_failed',
  'unclassified_error',
  'network_error',
  'invalid_response',
  'workspace_detail_http_error',
] as const;

/** One entry of `errors.json`, in its order of keys. `at` is the time of the failure, epoch ms. */
export const errorRecord = z.object({
  status: z.number().nullable(),
  status_code: z.number().nullable(),
  type: z.enum(errorTypes),
  error: z.string(),
  body: z.unknown(),
  attempts: z.number(),
  at: z.number(),
});
export type ErrorRecord = z.output<typeof errorRecord>;

/** An error before it is recorded; recording gives it its time, by Redis' clock. */
export type Failure = Omit<ErrorRecord, 'at'>;

/** The longest message of an error, in characters: a part of it may come from outside. */
const longestMessage = 2_000;

/** An error as it is written down. */
export function failureText(failure: Failure): string {
  return JSON.stringify({ ...failure, error: failure.error.slice(0, longestMessage).toWellFormed() });
}

/**
 * What can change about a test: it is listed for the first time; it gets a verdict where it had none or no sessions; its
 * verdict gets another category; the listing lacks it, or has it again; it ends in an error, or its error ends; a verdict
 * is taken back, because the API did not know its tests.
 */
export const changeKinds = [
  'new',
  'classified',
  'type_changed',
  'unlisted',
  'listed_again',
  'error_new',
  'error_gone',
  'withdrawn',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One run: a selection of workspaces, listed and worked through. Survives an interruption. */
export const runRecord = z.object({
  id: z.string(),
  selection: z.string(),
  /** Redis time, epoch ms. */
  startedAt: z.number(),
  /** True once some producer has listed the whole selection. */
  listed: z.boolean(),
  /** How many tests it has selected, and how many of them have no outcome yet. */
  selected: z.number(),
  open: z.number(),
  /** Outcomes so far: category or `error` → number of tests. */
  outcomes: z.record(z.string(), z.number()),
  /** When it last came to its end: all is listed, and every test has an outcome. Missing in those of older versions. */
  endedAt: z.number().optional(),
  /** How many of the selected tests other runs were waiting for already. */
  shared: z.number().optional(),
  /** Requests that all workers sent while it ran, and how many were answered 429; missing until it has ended. */
  requests: z.number().optional(),
  throttled: z.number().optional(),
  /** The same sums at its start. */
  before: z.object({ requests: z.number(), throttled: z.number() }).optional(),
  /** What it has changed: kind → number of tests. Missing in runs of older versions. */
  changes: z.partialRecord(z.enum(changeKinds), z.number()).optional(),
  /** Ids of its first and its last change in the stream; missing where it has none. */
  firstChange: z.string().optional(),
  lastChange: z.string().optional(),
  /** Whether it has taken back some of its changes. */
  undid: z.boolean().optional(),
  /** When it was reported. */
  finishedAt: z.number().optional(),
  /** Whether the state files passed their checks after its end; missing until they were checked. */
  verified: z.boolean().optional(),
});
export type RunRecord = z.output<typeof runRecord>;

/**
 * The phase of a run: its workspaces are still being listed, its last tests are still being classified, or it is over.
 * A run whose listing was interrupted is `listing`, also while no process works on it.
 */
export type RunPhase = 'listing' | 'working' | 'over';

/** The phase of a run. */
export function phaseOf({ listed, open }: Pick<RunRecord, 'listed' | 'open'>): RunPhase {
  if (!listed) return 'listing';
  return open > 0 ? 'working' : 'over';
}

/** When a run came to its end, epoch ms; null while it goes on, and where an older version has not noted it. */
export function endOf(run: RunRecord): number | null {
  return phaseOf(run) === 'over' ? (run.endedAt ?? run.finishedAt ?? null) : null;
}

const answer = z.object({
  outcome: z.enum(['present', 'absent']),
  at: z.number(),
  sessionId: z.string().nullable().optional(),
  finishedAt: z.number().nullable().optional(),
});

const storedEvidence = z.object({
  sessions: answer.optional(),
  video: answer.optional(),
  qx: answer.optional(),
  transcript: answer.optional(),
  /** When the second probing for absent data began, epoch ms. */
  again: z.number().optional(),
});

/** What the probes have answered about a test. */
export interface KnownAnswers {
  readonly evidence: Evidence;
  /** Whether data absent right after a session's end is being probed again, or has been: then absence counts. */
  readonly askedAgain: boolean;
}

/** Reads the answers as they are stored; none without a text. */
export function answersOf(text: string | null): KnownAnswers {
  const { again, ...evidence } = storedEvidence.parse(text === null ? {} : JSON.parse(text));
  // Zod gives missing answers as `undefined`; here they are just missing, which reads the same.
  return { evidence: evidence as Evidence, askedAgain: again !== undefined };
}

/** What an audit's probes said of a test, or the type of the error in which they ended. `at` is epoch ms. */
export const auditRecord = z.union([
  z.object({ category: z.enum(categories), rule: z.string(), at: z.number() }),
  z.object({ error: z.enum(errorTypes), at: z.number() }),
]);
export type AuditRecord = z.output<typeof auditRecord>;

/** A verdict, as stored. */
export const verdictRecord = z.object({
  category: z.enum(categories),
  rule: z.string(),
  source: z.enum(['probed', 'declared', 'imported']),
  at: z.number(),
  provisionalUntil: z.number().optional(),
});

/** A verdict before it is recorded; recording gives it its time, by Redis' clock. */
export type NewVerdict = Omit<Verdict, 'at'>;

/** Reads a stored record; null where there is none. */
export function parsed<Result>(
  schema: { readonly parse: (value: unknown) => Result },
  text: string | null | undefined,
): Result | null {
  return text ? schema.parse(JSON.parse(text)) : null;
}

/** The rules that a stored name means; `tutorial` where none was ever chosen. @throws UnknownRulesError */
export function rulesOf(stored: string | null): RuleSetName {
  const name = stored ?? 'tutorial';
  const known = ruleSetNames.find((each) => each === name);
  if (known === undefined) throw new UnknownRulesError(name);
  return known;
}
