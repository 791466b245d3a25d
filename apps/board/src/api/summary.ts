import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { errorFacts, type ShortStatus, statusJson } from '@inventory/status';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import { type Tally, tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { problem, problemAnswers } from './problem.ts';
import { type Summary, summarySchema } from './summary-schema.ts';

const route = createRoute({
  method: 'get',
  path: '/summary',
  summary: 'How things stand',
  responses: {
    200: {
      description: 'Counts, progress, pace, workers and errors.',
      content: { 'application/json': { schema: summarySchema } },
    },
    304: { description: 'Nothing but the time has changed since the answer of `If-None-Match`.' },
    ...problemAnswers({ 503: 'The tests are still being read.' }),
  },
});

/** `GET /api/summary`. */
export function summaryRoute(api: OpenAPIHono, index: TestIndex, keeper: IndexKeeper): void {
  const maker = new SummaryMaker(index);
  api.openapi(route, (context) => {
    const { standing, stale } = keeper;
    if (standing === null) return problem(context, 503, 'The checkpoints are being read for the first time.');
    const { summary, etag } = maker.make({ standing, stale });
    context.header('etag', etag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    return context.json(summary, 200);
  });
}

/** What a summary is made from, besides the index. */
interface SummaryFacts {
  readonly standing: ShortStatus;
  /** Whether it is old, because Redis does not answer. */
  readonly stale: boolean;
}

/** A summary, and a mark that stays the same as long as nothing but the time has changed. */
interface MarkedSummary {
  readonly summary: Summary;
  readonly etag: string;
}

/** Makes summaries; what has not changed is not counted again, however many ask. */
class SummaryMaker {
  readonly #index: TestIndex;
  #counted: { readonly version: number; readonly numbers: Tally } | null = null;
  #made: (SummaryFacts & { readonly version: number; readonly marked: MarkedSummary }) | null = null;

  constructor(index: TestIndex) {
    this.#index = index;
  }

  make(facts: SummaryFacts): MarkedSummary {
    const { version } = this.#index;
    const made = this.#made;
    if (made?.standing === facts.standing && made.stale === facts.stale && made.version === version) return made.marked;
    if (this.#counted?.version !== version) this.#counted = { version, numbers: tally(this.#index) };
    const summary = makeSummary(facts, this.#index, this.#counted.numbers);
    const { at: _, ...lasting } = summary;
    const digest = createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 27);
    const marked = { summary, etag: `W/"${digest}"` };
    this.#made = { ...facts, version, marked };
    return marked;
  }
}

function makeSummary({ standing, stale }: SummaryFacts, index: TestIndex, numbers: Tally): Summary {
  const { rules: _, runs, history, errors, ...status } = statusJson({ ...standing, ...errorFacts(index.errors) });
  const { total, by_category } = numbers.all;
  const { undecided, ...classified } = by_category;
  return {
    ...status,
    stale,
    tests: {
      total,
      classified: total - undecided,
      undecided,
      open: index.open.size,
      errors: numbers.errors,
      unlisted: numbers.unlisted,
      provisional: numbers.provisional,
      unconfirmed: numbers.unconfirmed,
    },
    by_platform: { UTZ: total - undecided - classified.ClassicUT, ClassicUT: classified.ClassicUT },
    by_category: classified,
    by_month: [...numbers.by_month],
    workspaces: [...numbers.workspaces],
    undecided: numbers.undecided,
    runs: runs.map(({ id: _, ...run }) => run),
    history: history.map(({ id: _, ...run }) => run),
    errors: { ...errors, total: index.errors.size },
  };
}
