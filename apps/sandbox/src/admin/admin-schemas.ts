import { z } from 'zod';
import { ENDPOINTS } from '../endpoint.ts';
import { TEST_KINDS } from '../library/test-kind.ts';
import { RESET_FORMS, RETRY_AFTER_FORMS } from '../limiter/sliding-window.ts';

const flag = z.boolean().exactOptional();
const change = {
  title: z.string().exactOptional(),
  orderedAt: z.iso.datetime().exactOptional(),
  orderedBy: z.strictObject({ name: z.string(), email: z.string() }).exactOptional(),
  sessions: z.int().nonnegative().exactOptional(),
  finishTime: z.string().nullable().exactOptional(),
  offers: z.strictObject({ video: flag, qx: flag, transcript: flag }).exactOptional(),
  type: z.string().nullable().exactOptional(),
  productType: z.string().nullable().exactOptional(),
};

/** Body of PATCH /sandbox/tests/UUID. */
export const testChangeSchema = z.strictObject({ ...change, kind: z.enum(TEST_KINDS).exactOptional() });

/** One test in the body of POST /sandbox/tests; `place` says where the listing shows it. */
export const testDataSchema = z.strictObject({
  ...change,
  kind: z.enum(TEST_KINDS),
  uuid: z.uuid().exactOptional(),
  workspaces: z.array(z.uuid()).exactOptional(),
  place: z.enum(['first', 'last']).exactOptional(),
});

/** Body of POST /sandbox/workspaces. */
export const workspaceDataSchema = z.strictObject({
  name: z.string(),
  uuid: z.uuid().exactOptional(),
  id: z.string().exactOptional(),
});

/** Body of PUT /sandbox/limiter. */
export const limiterChangeSchema = z.strictObject({
  limit: z.int().nonnegative().exactOptional(),
  windowMs: z.int().positive().exactOptional(),
  countRejected: z.boolean().exactOptional(),
  retryAfter: z.enum(RETRY_AFTER_FORMS).exactOptional(),
  rateHeaders: z.boolean().exactOptional(),
  reset: z.enum(RESET_FORMS).exactOptional(),
});

/** Body of POST /sandbox/limiter/take. */
export const takeSchema = z.strictObject({ count: z.int().positive().default(1) });

const delay = z.union([z.number().nonnegative(), z.tuple([z.number().nonnegative(), z.number().nonnegative()])]);

/** Body of PUT /sandbox/latency, in ms. */
export const latencySchema = z.strictObject({
  latency: z.union([delay, z.partialRecord(z.enum([...ENDPOINTS, 'otherwise']), delay)]),
});

/** Body of PUT /sandbox/clock. */
export const clockSchema = z.strictObject({ skewMs: z.int() });

/** Body of PUT /sandbox/tokens/life. */
export const tokenLifeSchema = z.strictObject({ seconds: z.number().positive() });
