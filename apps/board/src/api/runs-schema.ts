import { z } from '@hono/zod-openapi';
import { changeKinds, listedKinds } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';

const count = z.number().int();
const time = z.iso.datetime().nullable();
const category = z.enum(categories).nullable();

/** A run. */
export const runSchema = z
  .object({
    id: z.string(),
    selection: z.string().openapi({ description: '`all`, `retry`, `reclassify`, or workspace UUIDs.' }),
    started_at: z.iso.datetime(),
    finished_at: time.openapi({ description: 'Null while it goes on.' }),
    duration_ms: z.number().nullable(),
    listed: z.boolean().openapi({ description: 'Whether all of its workspaces are listed.' }),
    selected: count,
    open: count.openapi({ description: 'Selected tests without an outcome.' }),
    shared: count.openapi({ description: 'Selected tests that another run waited for already.' }),
    outcomes: z.record(z.string(), count),
    requests: count.nullable().openapi({
      description: 'Requests to the Results API that all workers sent while it ran; null where that is not recorded.',
    }),
    throttled: count.nullable().openapi({ description: 'How many of them were answered 429.' }),
    changes: z
      .record(z.enum(listedKinds), count)
      .nullable()
      .openapi({ description: 'How many tests changed, by kind; null for a run of an older version.' }),
    verified: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether the state files passed their checks after its end; missing without a check.' }),
  })
  .openapi('Run');

/** What has changed about one test, or about the listing of one workspace. */
const changeSchema = z
  .object({
    cursor: z.string().openapi({ description: 'Its place: `since` for what came after it.' }),
    at: z.iso.datetime(),
    changes: z.array(z.enum(changeKinds)),
    test_uuid: z.string().nullable().openapi({ description: 'Null where a workspace could not be listed.' }),
    title: z.string().nullable(),
    workspace_uuid: z.string().nullable(),
    workspace_name: z.string().nullable(),
    from: category.openapi({ description: 'The category that counted before; null for none.' }),
    to: category.openapi({ description: 'The category that counts now; null where no verdict has changed.' }),
    rule: z.string().nullable().openapi({ description: 'The rule behind the verdict.' }),
    because: z.string().nullable().openapi({ description: 'What that rule says, for people.' }),
    error: z.string().nullable().openapi({ description: 'Type of a new error.' }),
    runs: z.array(z.string()).openapi({ description: 'Ids of the runs that it belongs to.' }),
  })
  .openapi('Change');

/** The answer of `GET /api/runs`. */
export const runsSchema = z
  .object({ runs: z.array(runSchema).openapi({ description: 'The last 30 or so, the latest first.' }) })
  .openapi('Runs');

/** The answer of `GET /api/runs/{id}`. */
export const runReportSchema = z
  .object({
    run: runSchema,
    tests: z.partialRecord(z.enum(listedKinds), z.array(changeSchema)).openapi({
      description: 'What it changed, by kind, in order: at most `limit` of each. `run.changes` counts all of them.',
    }),
    complete: z.boolean().openapi({ description: 'False where some are no longer kept, though they are counted.' }),
  })
  .openapi('RunReport');
