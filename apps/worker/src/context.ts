import type { Controls, TestCheckpoint, Tries } from '@inventory/checkpoints';
import type { ProbeName } from '@inventory/classification';
import type { Logger, SecretRegistry } from '@inventory/logger';
import type { WorkCounts } from '@inventory/metrics';
import type { Granted, Pace } from '@inventory/queue';
import type { ResultsClient, Token, TokenKeeper } from '@inventory/usertesting';

/** What one activation needs. */
export interface ActivationContext {
  readonly checkpoint: TestCheckpoint;
  readonly controls: Controls;
  readonly pace: Pace;
  readonly tokens: TokenKeeper;
  readonly results: ResultsClient;
  readonly counts: WorkCounts;
  readonly logger: Logger;
  readonly secrets: SecretRegistry;
  readonly stepRetries: number;
  /** Time for one request, ms. */
  readonly requestTimeoutMs: number;
  /** How long after a session's end absent data are weak evidence, ms; 0 = never. */
  readonly provisionalMs: number;
  /** Refusals (429) of this length, in ms, with nothing else between, end in an error. */
  readonly refusalLimitMs: number;
  /** Makes all workers wait until a process starts with a working token. */
  readonly holdForAuth: () => Promise<void>;
  /** Enqueues tests that are open again. */
  readonly enqueue: (uuids: readonly string[]) => Promise<void>;
  /** Ends this process: it cannot continue, others may. */
  readonly giveUp: (error: Error) => void;
}

/** The request of an activation, for what follows from its failure. */
export interface Step {
  readonly testUuid: string;
  readonly probe: ProbeName;
  /** How often this step has failed before. */
  readonly tries: Tries;
  readonly openTests: number;
  readonly token: Token;
  readonly permit: Granted;
}
