import type { Checkpoints } from './open-checkpoints.ts';

/** Where checkpoints are: a connection and a prefix. */
export type CheckpointPlace = Pick<Checkpoints, 'client' | 'prefix'>;
