import type { Activation } from '@inventory/queue';
import { CredentialsRefusedError, TokenEndpointDownError } from '@inventory/usertesting';
import { activate } from './activate.ts';
import type { ActivationContext } from './activation-context.ts';

const pauseAfterOwnFault = 60_000;
const mostOwnFaults = 10;
const pauseWithoutToken = 5_000;

/**
 * Does one activation, whatever it throws. A fault of our own never fails a job: it is tried again after a
 * minute, and recorded as the test's error after ten times.
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
    return ownFault(context, testUuid, error);
  }
}

async function ownFault(
  { checkpoint, counts, logger, secrets }: ActivationContext,
  testUuid: string,
  error: unknown,
): Promise<Activation> {
  const message = secrets.clean(error instanceof Error ? error.message : String(error));
  logger.error({ test: testUuid, error: message }, 'a fault of our own: trying again in a minute');
  try {
    const tries = (await checkpoint.tries(testUuid))('own fault').tries + 1;
    await checkpoint.noteTries(testUuid, 'own fault', { tries });
    if (tries < mostOwnFaults) return { next: 'later', delayMs: pauseAfterOwnFault };
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
    return { next: 'later', delayMs: pauseAfterOwnFault };
  }
}
