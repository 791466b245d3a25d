import type { TestCheckpoint } from '@inventory/checkpoints';
import {
  type Evidence,
  type NextStep,
  nextStep,
  type ProbeName,
  type RuleSetName,
  ruleSets,
} from '@inventory/classification';
import type { Logger, SecretRegistry } from '@inventory/logger';
import type { WorkCounts } from '@inventory/metrics';
import type { Activation, Pace, Permit } from '@inventory/queue';
import type { ProbeAnswer, ResultsClient, Token, TokenKeeper } from '@inventory/usertesting';
import { afterFailure } from './after-failure.ts';

/** What one activation needs. */
export interface ActivationContext {
  readonly checkpoint: TestCheckpoint;
  readonly pace: Pace;
  readonly tokens: TokenKeeper;
  readonly results: ResultsClient;
  readonly counts: WorkCounts;
  readonly logger: Logger;
  readonly secrets: SecretRegistry;
  readonly stepRetries: number;
  /** Refusals (429) of this length, in ms, with nothing else between, end in an error. */
  readonly refusalLimitMs: number;
  /** Makes all workers wait until somebody starts with a working token. */
  readonly holdForAuth: () => Promise<void>;
  /** Ends this process: it cannot go on, others may. */
  readonly giveUp: (error: Error) => void;
}

/** The request that an activation is about, for whoever judges its failure. */
export interface Step {
  readonly testUuid: string;
  readonly probe: ProbeName;
  /** How often this step has failed before. */
  readonly tries: number;
  readonly token: Token;
  readonly permit: Extract<Permit, { go: true }>;
}

/**
 * One step of one test: reads where the test stands, asks the one question that comes next, and writes the
 * answer down before anything else happens. Sends at most one request, and only with the pace's permit as the
 * last act before it.
 * @param grantedAt when BullMQ was asked for the job, epoch ms of this machine
 */
export async function activate(context: ActivationContext, testUuid: string, grantedAt: number): Promise<Activation> {
  const { checkpoint, pace, tokens, results } = context;
  // Together, because each round trip between grant and request makes the start late.
  const [state, token] = await Promise.all([checkpoint.load(testUuid), tokens.current()]);
  if (!state.open) return { next: 'finish' };
  const step = nextStep(state.evidence, ruleSets[state.rules]);
  if (step.kind === 'decided') {
    const decided = await checkpoint.decide(testUuid, verdictOf(step), state.rules);
    return { next: decided ? 'finish' : 'again' };
  }
  const permit = await pace.permit(Date.now() - grantedAt);
  if (!permit.go) {
    if (permit.why === 'unlimited') await pace.assertLimit();
    return { next: 'again' };
  }
  const { probe, sessionId } = step;
  try {
    const answer = await results.ask(probe, { testUuid, sessionId }, token.accessToken);
    await tokens.accepted(token);
    await heard(context, permit, answer);
    return await note(context, testUuid, probe, answer, state);
  } catch (error) {
    return afterFailure(context, { testUuid, probe, tries: state.triesOf(probe), token, permit }, error);
  }
}

/** Writes an answer down, with the verdict where it is the last one needed. */
async function note(
  { checkpoint, logger }: ActivationContext,
  testUuid: string,
  probe: ProbeName,
  { outcome, sessionId }: ProbeAnswer,
  { evidence, rules }: { readonly evidence: Evidence; readonly rules: RuleSetName },
): Promise<Activation> {
  const answer = { outcome, ...(sessionId !== undefined && { sessionId }) };
  const known = { ...evidence, [probe]: { ...answer, at: 0 } };
  const next = nextStep(known, ruleSets[rules]);
  const verdict = next.kind === 'decided' ? verdictOf(next) : null;
  const noted = await checkpoint.noteAnswer(testUuid, probe, answer, verdict, rules, evidence);
  if (!noted || verdict === null) return { next: 'again' };
  logger.info({ test: testUuid, category: verdict.category, rule: verdict.rule }, 'classified');
  return { next: 'finish' };
}

function verdictOf({ rule }: Extract<NextStep, { kind: 'decided' }>) {
  return { category: rule.category, rule: rule.name, source: 'probed' } as const;
}

/** Any answer ends a streak of refusals; one that shows that others use up the account's rate makes us rest. */
async function heard(
  { pace, counts, logger }: ActivationContext,
  permit: Step['permit'],
  { rateLimit }: ProbeAnswer,
): Promise<void> {
  if (permit.streak > 0) await pace.answered();
  const reset = rateLimit?.remaining === 0 ? (rateLimit.resetSeconds ?? 0) : 0;
  // Somebody who uses exactly the allowed rate always sees 0 remaining; only a longer wait means others.
  if ((reset - 1) * 1000 <= pace.intervalMs) return;
  const { leftMs } = await pace.rest(reset * 1000, 'rate used up');
  counts.limited({ from: permit.startedAt, ms: leftMs });
  logger.warn({ seconds: Math.ceil(leftMs / 1000) }, 'somebody else is using up the rate of this account: resting');
}
