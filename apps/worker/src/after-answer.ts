import type { Activation, Granted, Permit } from '@inventory/queue';
import type { ProbeAnswer } from '@inventory/usertesting';
import type { ActivationContext } from './context.ts';

/**
 * Any answer ends a streak of refusals and an outage. An answer that shows that other programs use up the rate pauses
 * all workers.
 */
export async function afterAnswer(
  context: ActivationContext,
  permit: Granted,
  { rateLimit }: Pick<ProbeAnswer, 'rateLimit'>,
): Promise<void> {
  const { pace, counts, logger } = context;
  if (permit.streak > 0) await pace.answered();
  await endOutage(context, permit);
  const reset = rateLimit?.remaining === 0 ? (rateLimit.resetSeconds ?? 0) : 0;
  // A client that uses exactly the allowed rate always sees 0 remaining; only a longer wait means that others use it.
  if ((reset - 1) * 1000 <= pace.intervalMs) return;
  const { leftMs } = await pace.rest(reset * 1000, 'rate used up');
  counts.limited({ from: permit.startedAt, ms: leftMs });
  logger.warn({ seconds: Math.ceil(leftMs / 1000) }, 'others are using up the request rate of this account: resting');
}

/** Notes that the API has answered, with any status. */
export async function endOutage({ pace, logger }: ActivationContext, permit: Granted): Promise<void> {
  const since = await pace.circuit.answered(permit);
  if (since === null) return;
  logger.warn({ seconds: Math.ceil((permit.startedAt - since) / 1000) }, 'the Results API answers again');
}

/** What happens to a job whose request may not be sent. Sets the limit if it is missing. */
export async function withoutPermit(
  { pace, logger }: ActivationContext,
  why: Extract<Permit, { go: false }>['why'],
): Promise<Activation> {
  if (why === 'unlimited') await pace.assertLimit();
  if (why === 'slow') logger.warn('Redis took longer than half an interval to permit a request: it was not sent');
  return { next: 'again' };
}
