import type { Fault } from '@inventory/sandbox';
import type { Act } from '../plan/plan.ts';

type Limit = Extract<Act, { kind: 'limit' }>;

/** The fault that answers 429 in the form of an act. @param now epoch ms */
export function limitFault({ endpoint, form, count }: Limit, now: number): Fault {
  const reach = { endpoint, count };
  const throttle = (retryAfter: string): Fault => ({ kind: 'throttle', retryAfter, ...reach });
  const elsewhere = (headers: Record<string, string>): Fault => ({
    kind: 'status',
    status: 429,
    headers: { 'x-ratelimit-reset': '1', ...headers },
    ...reach,
  });
  const dateAt = (time: number): string => new Date(Math.ceil(time / 1000) * 1000).toUTCString();
  switch (form) {
    case 'seconds':
      return throttle('1');
    case 'zero':
      return throttle('0');
    case 'date':
      return throttle(dateAt(now));
    case 'past':
      return throttle(dateAt(now - 60_000));
    case 'nonsense':
      return elsewhere({ 'retry-after': 'soon' });
    case 'missing':
      return elsewhere({});
  }
}
