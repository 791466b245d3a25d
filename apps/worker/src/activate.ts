import { type ControlReason, streakLimit, type TestState } from '@inventory/checkpoints';
import {
  type Evidence,
  type NextStep,
  nextStep,
  type ProbeName,
  provisionalUntil,
  ruleSets,
} from '@inventory/classification';
import type { Activation } from '@inventory/queue';
import type { ProbeAnswer } from '@inventory/usertesting';
import type { ActivationContext, Step } from './activation-context.ts';
import { heard, notGiven } from './after-answer.ts';
import { afterFailure } from './after-failure.ts';
import { askControl, holdStands } from './ask-control.ts';

/**
 * One step of one test: reads where the test stands, asks the one question that comes next, and writes the
 * answer down before anything else happens. Sends at most one request, and only with the pace's permit as the
 * last act before it. After many ClassicUT verdicts in a row that request asks a control instead.
 * @param grantedAt when BullMQ was asked for the job, epoch ms of this machine
 */
export async function activate(context: ActivationContext, testUuid: string, grantedAt: number): Promise<Activation> {
  const { checkpoint, pace, tokens, results, requestTimeoutMs: timeoutMs } = context;
  // Together, because each round trip between grant and request makes the start late.
  const [state, token] = await Promise.all([checkpoint.load(testUuid), tokens.current()]);
  if (!state.open) return { next: 'finish' };
  const step = nextStep(state.evidence, ruleSets[state.rules]);
  if (step.kind === 'decided') {
    const decided = await checkpoint.decide(testUuid, verdictOf(context, step, state), state.rules);
    return { next: decided ? 'finish' : 'again' };
  }
  const { probe, sessionId } = step;
  const { heldFor, openTests } = state;
  const control = (why: ControlReason) => askControl(context, { asker: testUuid, token, grantedAt, openTests, why });
  if (heldFor !== null && !(await holdStands(context, heldFor))) return { next: 'again' };
  if (heldFor !== null) return (await control('hold')) ?? { next: 'again' };
  if (probe === 'sessions' && state.streak >= streakLimit) {
    const asked = await control('streak');
    if (asked !== null) return asked;
  }
  let permit = await pace.permit(Date.now() - grantedAt, { timeoutMs, testUuid });
  if (!permit.go && permit.why === 'held') return (await control('hold')) ?? { next: 'again' };
  if (!permit.go && permit.why === 'ask a control') {
    const asked = await control('outage');
    if (asked !== null) return asked;
    permit = await pace.permit(Date.now() - grantedAt, { timeoutMs, asks: 'control' });
  }
  if (!permit.go) return notGiven(context, permit.why);
  try {
    const answer = await results.ask(probe, { testUuid, sessionId }, token.accessToken);
    await tokens.accepted(token);
    await heard(context, permit, answer);
    return await note(context, { testUuid, probe, state, startedAt: permit.startedAt }, answer);
  } catch (error) {
    const asked: Step = { testUuid, probe, sessionId, tries: state.triesOf(probe), openTests, token, permit };
    return afterFailure(context, asked, error);
  }
}

/** What was asked, and what was known then. */
interface Asked {
  readonly testUuid: string;
  readonly probe: ProbeName;
  readonly state: TestState;
  /** When the request was permitted, epoch ms of Redis' clock. */
  readonly startedAt: number;
}

/** Writes an answer down, with the verdict where it is the last one needed. */
async function note(
  context: ActivationContext,
  { testUuid, probe, state, startedAt }: Asked,
  { outcome, sessionId, finishedAt }: ProbeAnswer,
): Promise<Activation> {
  const { evidence, rules } = state;
  const answer = {
    outcome,
    ...(sessionId !== undefined && { sessionId }),
    ...(typeof finishedAt === 'number' && { finishedAt }),
  };
  const known: Evidence = { ...evidence, [probe]: { ...answer, at: startedAt } };
  const next = nextStep(known, ruleSets[rules]);
  const verdict = next.kind === 'decided' ? verdictOf(context, next, { ...state, evidence: known }) : null;
  const noted = await context.checkpoint.noteAnswer(testUuid, {
    probe,
    answer,
    verdict,
    rules: rules,
    basis: evidence,
    askedAt: startedAt,
  });
  if (!noted || verdict === null) return { next: 'again' };
  context.logger.info({ test: testUuid, category: verdict.category, rule: verdict.rule }, 'classified');
  return { next: 'finish' };
}

function verdictOf(
  { provisionalMs }: ActivationContext,
  { rule }: Extract<NextStep, { kind: 'decided' }>,
  { evidence, rules, askedAgain }: TestState,
) {
  const until = askedAgain ? undefined : provisionalUntil(evidence, ruleSets[rules], provisionalMs);
  const verdict = { category: rule.category, rule: rule.name, source: 'probed' } as const;
  return until === undefined ? verdict : { ...verdict, provisionalUntil: until };
}
