import type { Answer } from '../answers/answer.ts';

/** How an answer is delivered. */
export type Delivery = 'whole' | 'reset' | 'reset-in-body' | 'cut-body' | 'hang';

/** What the sandbox will do with a request, decided when it arrives. */
export interface PlannedAnswer {
  readonly answer: Answer;
  readonly delivery: Delivery;
  /** On top of the latency. */
  readonly extraDelayMs: number;
  readonly faultId: string | null;
  readonly tokenGeneration: number;
}
