import { z } from 'zod';

/** Version of the job's data. A worker that meets a newer one leaves the job to newer workers. */
export const jobVersion = 1;

/** Read before anything else: the data of a newer version may have any other shape. */
export const jobDataVersion = z.object({ v: z.number() });

/** All that a job carries: where the test stands is in its checkpoint, never here. */
export const jobData = z.object({ testUuid: z.string().min(1), v: z.number() });
export type JobData = z.output<typeof jobData>;
