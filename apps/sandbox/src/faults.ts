import { z } from 'zod';
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import { ENDPOINTS, type Endpoint, isResultsEndpoint } from './endpoints.ts';
import type { Random } from './library/seeded.ts';

/** Which requests a fault affects, and how often. Everything left out means "any". */
const reach = {
  /** An endpoint, several, or `results` for the four of the Results API. */
  endpoint: z.union([z.enum([...ENDPOINTS, 'results']), z.array(z.enum(ENDPOINTS))]).optional(),
  workspaceUuid: z.uuid().toLowerCase().optional(),
  /** Includes the requests about sessions of this test. */
  testUuid: z.uuid().toLowerCase().optional(),
  /** Lets the first so many matching requests through. */
  skip: z.int().nonnegative().optional(),
  /** Ends after so many hits. */
  count: z.int().positive().optional(),
  /** Hits each matching request with this chance, from the sandbox's seed. */
  probability: z.number().min(0).max(1).optional(),
  /** Ends so many ms after it was added. */
  forMs: z.number().positive().optional(),
};

/** A fault: what happens (`kind`) and to which requests. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** An answer with this status; a body that is no string is sent as JSON, without one the API's error words are. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.json().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    ...reach,
  }),
  /** 429 as the limiter gives it, without a place taken in its window; `retryAfter` replaces the header, null drops it. */
  z.strictObject({ kind: z.literal('throttle'), retryAfter: z.string().nullable().optional(), ...reach }),
  /** The connection is reset before any answer. */
  z.strictObject({ kind: z.literal('reset'), ...reach }),
  /** Status, headers and half the body, then a reset. */
  z.strictObject({ kind: z.literal('reset-in-body'), ...reach }),
  /** Status, headers and half the body, then an orderly end of the connection. */
  z.strictObject({ kind: z.literal('cut-body'), ...reach }),
  /** No answer, ever. */
  z.strictObject({ kind: z.literal('hang'), ...reach }),
  /** 200 with a page of HTML. */
  z.strictObject({ kind: z.literal('not-json'), ...reach }),
  /** 200 with JSON of another shape; `body` replaces it. */
  z.strictObject({ kind: z.literal('wrong-shape'), body: z.json().optional(), ...reach }),
  /** 302 (or `status`) to `location`, without one to a sign-in page that answers 200. */
  z.strictObject({
    kind: z.literal('redirect'),
    location: z.string().optional(),
    status: z.int().min(300).max(399).optional(),
    ...reach,
  }),
  /** The usual answer, so many ms later. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().nonnegative(), ...reach }),
]);

/** A fault as it is given to the sandbox. */
export type Fault = z.input<typeof faultSchema>;

/** What a request is about, as far as faults ask. */
export interface FaultTarget {
  readonly endpoint: Endpoint;
  readonly workspaceUuid?: string | undefined;
  readonly testUuid?: string | undefined;
}

export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Clock ms. */
  readonly addedAt: number;
  /** Number of matching requests. */
  readonly seen: number;
  /** Number of matching requests that it affected. */
  readonly hits: number;
}

/** How an answer is delivered. */
export type Delivery = 'whole' | 'reset' | 'reset-in-body' | 'cut-body' | 'hang';

/** An answer and how it reaches the client; the delay comes on top of the latency. */
export interface Reaction {
  readonly answer: Answer;
  readonly delivery: Delivery;
  readonly extraDelayMs: number;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE = '<!doctype html><html><head><title>One moment</title></head><body>We will be right back.</body></html>';

/** The faults of a sandbox. The clock gives ms. */
export function faultBoard(clock: () => number, random: Random) {
  const active = new Map<string, ActiveFault>();
  let added = 0;

  /** The faults that are switched on, oldest first, without those that have ended. */
  function list(): readonly ActiveFault[] {
    for (const { id, fault, hits, addedAt } of active.values()) {
      const { count = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = fault;
      if (hits >= count || clock() >= addedAt + forMs) active.delete(id);
    }
    return [...active.values()];
  }

  return {
    /** Switches a fault on and gives its id. Throws a ZodError for a fault of the wrong form. */
    add(given: Fault) {
      const fault = faultSchema.parse(given);
      added += 1;
      const id = `fault-${added}`;
      active.set(id, { id, fault, addedAt: clock(), seen: 0, hits: 0 });
      return id;
    },
    /** Whether there was a fault with that id. */
    remove: (id: string) => active.delete(id),
    clear: () => active.clear(),
    list,
    /** The oldest fault that affects this request, which is counted; undefined without one. */
    choose(target: FaultTarget): ActiveFault | undefined {
      for (const entry of list()) {
        const { skip = 0, probability = 1 } = entry.fault;
        if (!faultMatches(entry.fault, target)) continue;
        const isHit = entry.seen >= skip && (probability === 1 || random() < probability);
        const next = { ...entry, seen: entry.seen + 1, hits: entry.hits + (isHit ? 1 : 0) };
        active.set(entry.id, next);
        if (isHit) return next;
      }
      return undefined;
    },
  };
}

/** Whether a fault applies to a request. */
function faultMatches(fault: Fault, target: FaultTarget): boolean {
  const { endpoint = target.endpoint, workspaceUuid, testUuid } = fault;
  return (
    (endpoint === 'results' ? isResultsEndpoint(target.endpoint) : [endpoint].flat().includes(target.endpoint)) &&
    (workspaceUuid === undefined || workspaceUuid === target.workspaceUuid) &&
    (testUuid === undefined || testUuid === target.testUuid)
  );
}

/** Applies a fault to the usual answer of an endpoint; `throttled` is the answer of the limiter. */
export function applyFault(
  fault: Fault,
  { endpoint, usual, throttled }: { endpoint: Endpoint; usual: Answer; throttled: Answer },
): Reaction {
  const whole = (answer: Answer): Reaction => ({ answer, delivery: 'whole', extraDelayMs: 0 });
  switch (fault.kind) {
    case 'status':
      return whole(statusAnswer(fault, endpoint));
    case 'throttle':
      return whole(fault.retryAfter === undefined ? throttled : withRetryAfter(throttled, fault.retryAfter));
    case 'not-json':
      return whole({ status: 200, headers: HTML, body: PAGE });
    case 'wrong-shape':
      return whole(jsonAnswer(200, fault.body === undefined ? { unexpected: [1, 2, 3] } : fault.body));
    case 'redirect':
      return whole({ status: fault.status ?? 302, headers: { location: fault.location ?? '/sign-in' }, body: '' });
    case 'delay':
      return { ...whole(usual), extraDelayMs: fault.ms };
    default:
      return { ...whole(usual), delivery: fault.kind };
  }
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>, endpoint: Endpoint): Answer {
  const { status, body } = fault;
  const usual = errorAnswer(endpoint, status);
  const given = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers = Object.fromEntries(given);
  if (typeof body === 'string') return { status, body, headers: { 'content-type': 'text/plain', ...headers } };
  const text = body === undefined ? usual.body : JSON.stringify(body);
  return { status, body: text, headers: { ...usual.headers, ...headers } };
}

function withRetryAfter(answer: Answer, value: string | null): Answer {
  const { 'retry-after': _, ...others } = answer.headers;
  return { ...answer, headers: value === null ? others : { ...others, 'retry-after': value } };
}
