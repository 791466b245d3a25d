import { z } from '@hono/zod-openapi';
import { circuitCauses, pauseCauses } from '@inventory/queue';
import { runSchema } from './runs.ts';

const count = z.number().int();
const time = z.iso.datetime().nullable();
const ms = z.number();

const categoryCounts = z.object({
  'interaction test': count,
  'think-out-loud test': count,
  survey: count,
  'live conversation': count,
  'no sessions': count,
  ClassicUT: count,
});

const kindCounts = categoryCounts.extend({ undecided: count }).openapi('KindCounts');

const tests = z.object({
  total: count,
  classified: count,
  undecided: count,
  open: count.openapi({ description: 'Tests that wait for an outcome.' }),
  errors: count.openapi({ description: 'Tests whose last attempt ended in an error.' }),
  unlisted: count.openapi({ description: 'Tests that the newest complete listing no longer has.' }),
  provisional: count.openapi({
    description: 'Verdicts that are checked again, as the session had just finished.',
  }),
  unconfirmed: count.openapi({
    description: 'ClassicUT verdicts of an API that has answered 404 for every test so far.',
  }),
});

const left = z.object({
  requests: z.object({ low: count, expected: count, high: count }),
  ms: ms.openapi({ description: 'Time for the expected requests at the pace in force, without pauses.' }),
  ends_at: time.openapi({ description: 'Null while no worker runs, or while it is unknown when work continues.' }),
});

const pace = z.object({
  interval_ms: ms.nullable(),
  limited_until: time,
  cause: z.enum([...pauseCauses, 'unknown']).nullable(),
  held: z
    .string()
    .nullable()
    .openapi({ description: 'Why the queue is held until an operator acts, for example `auth`.' }),
  held_since: time,
  circuit: z
    .object({
      cause: z.enum(circuitCauses).openapi({
        description: '`outage`: requests get no answer. `controls`: the API answers 404 for tests that it knew.',
      }),
      why: z.string(),
      since: z.iso.datetime(),
      next_probe_at: z.iso.datetime().openapi({ description: 'When the next single request may test the API.' }),
    })
    .nullable()
    .openapi({ description: 'Why only single requests test the API; null while it answers.' }),
  last_request_at: time,
  requests_last_minute: count,
});

const worker = z.object({
  role: z.string(),
  host: z.string(),
  pid: count,
  slots: count,
  interval_ms: ms,
  seen_at: time,
});

const error = z.object({ key: z.string(), type: z.string(), error: z.string(), at: z.iso.datetime() });

const errors = z.object({
  total: count,
  by_type: z.record(z.string(), count),
  recent: z.array(error.extend({ title: z.string().nullable() })),
  waiting: count.openapi({ description: 'Errors of tests that wait to be tried again.' }),
  groups: z.array(error.extend({ count })).openapi({
    description: 'Errors that say the same but for the UUIDs in them; the largest groups, each with its latest error.',
  }),
});

const schedule = z.object({
  selection: z.string(),
  pattern: z.string().openapi({ description: 'A cron expression.' }),
  time_zone: z.string(),
  next_at: time.openapi({ description: 'Null when the process that kept the schedule is gone.' }),
  seen_at: time,
});

const burnDown = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  open: z.array(count).openapi({ description: 'How many tests waited, at equal distances from `from` to `to`.' }),
});

/** The answer of `GET /api/summary`. Durations in ms. */
export const summarySchema = z
  .object({
    at: z.iso.datetime().openapi({ description: "When this was read, by Redis' clock." }),
    stale: z.boolean().openapi({ description: 'True while Redis does not answer: the rest is as it was at `at`.' }),
    account: z.string().openapi({ description: '`ACCOUNT_NAME`; empty where it is not set.' }),
    installed: z
      .boolean()
      .openapi({ description: 'Whether commands begin with `usertesting-inventory`, or `npm run`.' }),
    prefix: z.string(),
    in_use: z.boolean().openapi({ description: 'False before the first run.' }),
    tests,
    by_platform: z.object({ UTZ: count, ClassicUT: count }),
    by_category: categoryCounts,
    by_month: z.array(
      z.object({
        month: z
          .string()
          .nullable()
          .openapi({ description: 'Month of the order, UTC; null if unknown.', example: '2025-03' }),
        total: count,
        by_category: kindCounts,
      }),
    ),
    workspaces: z.array(
      z.object({ uuid: z.string(), name: z.string(), total: count, by_category: kindCounts, errors: count }),
    ),
    undecided: z.object({ open: count, errors: count, not_selected: count }),
    runs: z.array(runSchema),
    history: z.array(runSchema).openapi({ description: 'The last 20 runs that are over, the latest first.' }),
    schedules: z.array(schedule),
    left,
    burn_down: burnDown.nullable().openapi({ description: 'The progress of the current runs; null without one.' }),
    pace,
    requests_per_minute: z.array(count.nullable()).openapi({
      description: 'Requests in each of the last 60 whole minutes, the oldest first; null where that is not known.',
    }),
    workers: z.array(worker),
    token_expires_at: time,
    last_verdict_at: time,
    errors,
  })
  .openapi('Summary');
export type Summary = z.output<typeof summarySchema>;
