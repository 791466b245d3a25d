export type { AcceptLoss } from './damage.ts';
export type { StateCounts } from './entries.ts';
export { assertGeneration, CheckpointsLostError, generationOf } from './generation.ts';
export { stateFileNames } from './manifest.ts';
export { type FilesAsWritten, StateDir } from './state-dir.ts';
export { summarize } from './verification.ts';
