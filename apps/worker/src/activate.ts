import { type ControlReason, streakLimit, type TestState } from '@inventory/checkpoints';
import {
  type Evidence,
  type NextStep,
  nextStep,
  type ProbeName,
  platformOf,
  provisionalUntil,
  ruleSets,
  type Verdict,
} from '@inventory/classification';
import { messageOf } from '@inventory/logger';
import type { Activation, Granted } from '@inventory/queue';
import { CredentialsRefusedError, type ProbeAnswer, type Token, TokenEndpointDownError } from '@inventory/usertesting';
import { afterAnswer, afterFailure, withoutPermit } from './after-request.ts';
import { askControl, ensureHeld } from './ask-control.ts';
import type { ActivationContext, Step } from './context.ts';

const pauseAfterError = 60_000;
const mostErrors = 10;
const pauseWithoutToken = 5_000;
/** Under this name of a step unexpected errors are counted. */
const unexpectedStep = 'own fault';

/**
 * Does one activation and never throws. An unexpected error never fails a job: the activation is tried again after a
 * minute, and the error is recorded as the test's after ten times.
 */
export async function guardedActivation(
  context: ActivationContext,
  testUuid: string,
  grantedAt: number,
): Promise<Activation> {
  try {
    return await activate(context, testUuid, grantedAt);
  } catch (error) {
    if (error instanceof CredentialsRefusedError) {
      context.giveUp(error);
      return { next: 'again' };
    }
    if (error instanceof TokenEndpointDownError) {
      context.logger.warn(error.message);
      await context.pace.rest(Math.max(pauseWithoutToken, error.retryAfterMs ?? 0), 'no token');
      return { next: 'again' };
    }
    return unexpected(context, testUuid, error);
  }
}

/**
 * One step of one test: reads the state of the test, sends its next probe, and stores the answer before
 * anything else happens. Sends at most one request, and only with the pace's permit as the
 * last act before it. After many ClassicUT verdicts in a row that request asks a control instead.
 * @param grantedAt when BullMQ was asked for the job, epoch ms of this machine
 */
async function activate(context: ActivationContext, testUuid: string, grantedAt: number): Promise<Activation> {
  const { checkpoint, tokens, results } = context;
  // Together, because each round trip between grant and request makes the start late.
  const [state, token] = await Promise.all([checkpoint.load(testUuid), tokens.current()]);
  if (!state.open) return { next: 'drop' };
  const step = nextStep(state.evidence, ruleSets[state.rules]);
  if (step.kind === 'decided') {
    const decided = await checkpoint.decide(testUuid, verdictOf(context, step, state), state.rules);
    return { next: decided ? 'finish' : 'again' };
  }
  const { probe, sessionId } = step;
  const permit = await permitOrControl(context, { testUuid, probe, state, token, grantedAt });
  if (!('go' in permit)) return permit;
  try {
    const answer = await results.ask(probe, { testUuid: state.spelling, sessionId }, token.accessToken);
    await tokens.accepted(token);
    await afterAnswer(context, permit, answer);
    return await note(context, { testUuid, probe, state, startedAt: permit.startedAt }, answer);
  } catch (error) {
    const { openTests } = state;
    const asked: Step = { testUuid, probe, tries: state.triesOf(probe), openTests, token, permit };
    return afterFailure(context, asked, error);
  }
}

/** A request that is about to be sent. */
interface NextRequest {
  readonly testUuid: string;
  readonly probe: ProbeName;
  readonly state: TestState;
  readonly token: Token;
  /** When BullMQ was asked for the job, epoch ms of this machine. */
  readonly grantedAt: number;
}

/**
 * Gets the permit for a test's own request, or asks a control in its place: while the queue is held, after many ClassicUT
 * verdicts in a row, and in an outage in which this test has failed before. Where there is no control to ask, the test is
 * asked, but not while the queue is held.
 * @returns the permit, or what happens to the job without one
 */
async function permitOrControl(context: ActivationContext, request: NextRequest): Promise<Granted | Activation> {
  const { testUuid, probe, state, token, grantedAt } = request;
  const { heldFor, openTests, streak } = state;
  const { pace, requestTimeoutMs: timeoutMs } = context;
  const control = (why: ControlReason) => askControl(context, { asker: testUuid, token, grantedAt, openTests, why });
  if (heldFor !== null) {
    const isHeld = await ensureHeld(context, heldFor);
    return (isHeld ? await control('hold') : null) ?? { next: 'again' };
  }
  if (probe === 'sessions' && streak >= streakLimit) {
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
  return permit.go ? permit : withoutPermit(context, permit.why);
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
  const kept = verdict?.category === 'ClassicUT' ? knownBefore(state) : null;
  if (kept !== null) return keep(context, testUuid, kept, rules);
  const noted = await context.checkpoint.noteAnswer(testUuid, {
    probe,
    answer,
    verdict,
    rules,
    basis: evidence,
    askedAt: startedAt,
  });
  if (!noted || verdict === null) return { next: 'again' };
  context.logger.info({ test: testUuid, category: verdict.category, rule: verdict.rule }, 'classified');
  return { next: 'finish' };
}

/**
 * The verdict of a test that the Results API has answered 200 for, null for any other. A 404 does not make it one of the
 * legacy platform: it was deleted, or the account may not see it any more.
 */
function knownBefore({ before }: TestState): Verdict | null {
  return before?.source === 'probed' && platformOf(before.category) === 'UTZ' ? before : null;
}

/** Lets a test keep its verdict. */
async function keep(
  { checkpoint, logger }: ActivationContext,
  testUuid: string,
  { category, rule, source }: Verdict,
  rules: TestState['rules'],
): Promise<Activation> {
  logger.warn({ test: testUuid, category }, 'the Results API answers 404 for a test that it knew: its type stays');
  const kept = await checkpoint.decide(testUuid, { category, rule, source }, rules);
  return { next: kept ? 'finish' : 'again' };
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

async function unexpected(
  { checkpoint, counts, logger, secrets }: ActivationContext,
  testUuid: string,
  error: unknown,
): Promise<Activation> {
  const message = secrets.clean(messageOf(error));
  logger.error({ test: testUuid, error: message }, 'unexpected error, retrying in 60 s');
  try {
    const tries = (await checkpoint.tries(testUuid))(unexpectedStep).tries + 1;
    await checkpoint.noteTries(testUuid, unexpectedStep, { tries });
    if (tries < mostErrors) return { next: 'later', delayMs: pauseAfterError };
    const failure = {
      status: null,
      status_code: null,
      type: 'unclassified_error',
      error: message,
      body: null,
    } as const;
    await checkpoint.fail(testUuid, { ...failure, attempts: tries });
    counts.errorRecorded(failure.type);
    return { next: 'finish' };
  } catch {
    // Redis takes no writes now (full, read-only): nothing is lost, the job waits like any other.
    return { next: 'later', delayMs: pauseAfterError };
  }
}
