import { type Category, platformOf } from '@inventory/classification';

/** Whether the probes bear out what a listing declares. */
export type Comparison = 'agrees' | 'disagrees' | 'cannot tell';

/**
 * Compares what a listing declares with what the probes say. They cannot tell the type of a test without sessions, nor
 * a live conversation from other tests with recordings; there only the platform counts.
 */
export function compareCategories(declared: Category, probed: Category): Comparison {
  if (platformOf(declared) !== platformOf(probed)) return 'disagrees';
  if (declared === probed) return 'agrees';
  return declared === 'live conversation' || probed === 'no sessions' ? 'cannot tell' : 'disagrees';
}
