import { z } from 'zod';
import { ENDPOINTS } from '../endpoint.ts';

/** Which requests a fault meets, and how often. Everything left out means "any". */
const reach = {
  /** An endpoint, several, or `results` for the four of the Results API. */
  endpoint: z.union([z.enum([...ENDPOINTS, 'results']), z.array(z.enum(ENDPOINTS))]).optional(),
  workspaceUuid: z.uuid().toLowerCase().optional(),
  /** Also meets the requests about sessions of this test. */
  testUuid: z.uuid().toLowerCase().optional(),
  sessionId: z.uuid().toLowerCase().optional(),
  /** Lets the first so many matching requests through. */
  skip: z.int().nonnegative().optional(),
  /** Ends after so many hits. */
  count: z.int().positive().optional(),
  /** Hits each matching request with this chance, from the sandbox's seed. */
  probability: z.number().min(0).max(1).optional(),
  /** Ends so many ms after it was added. */
  forMs: z.number().positive().optional(),
};

const headers = z.record(z.string(), z.string()).optional();

/** The schema of a fault: what happens (`kind`) and to which requests. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** An answer with this status; a body that is no string is sent as JSON, without one the API's error words are. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.json().optional(),
    headers,
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
