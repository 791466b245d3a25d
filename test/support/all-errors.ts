import type { Checkpoints, ErrorRecord } from '@inventory/checkpoints';

/** All errors in the order of their keys. */
export async function allErrors({
  inventory,
}: Pick<Checkpoints, 'inventory'>): Promise<(readonly [string, ErrorRecord])[]> {
  const errors: (readonly [string, ErrorRecord])[] = [];
  for await (const portion of inventory.errors()) errors.push(...portion);
  return errors;
}
