import { z } from 'zod';

/** Version of the job's data. A worker that meets a newer one leaves the job to newer workers. */
export const jobVersion = 1;

/** All that a job carries: where the test stands is in its checkpoint, never here. */
export const jobData = z.object({ testUuid: z.string().min(1), v: z.number() });
export type JobData = z.output<typeof jobData>;
