import type { AnswerStyle } from '../answers/answer-style.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { Library } from '../library/library.ts';
import type { Random } from '../library/seeded-random.ts';
import type { SlidingWindow } from '../limiter/sliding-window.ts';
import type { RequestLog } from '../requests/request-log.ts';
import type { TokenDesk } from '../tokens/token-desk.ts';
import type { Client } from '../tokens/token-request.ts';
import type { Latency } from './latency.ts';

/** Everything that a running sandbox knows. */
export interface SandboxState {
  readonly library: Library;
  readonly client: Client;
  readonly tokens: TokenDesk;
  readonly limiter: SlidingWindow;
  readonly faults: FaultBoard;
  readonly log: RequestLog;
  readonly random: Random;
  /** Monotonic ms with fractions, near the epoch. */
  readonly clock: () => number;
  style: AnswerStyle;
  latency: Latency;
  tokenLifeSeconds: number;
  /** How far the wall clock that answers show is ahead, in ms; negative = behind. */
  clockSkewMs: number;
}

/** The wall clock that answers show, epoch ms. */
export function serverTime({ clockSkewMs }: SandboxState): number {
  return Date.now() + clockSkewMs;
}
