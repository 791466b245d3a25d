import { Checkpoints } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import type { RedisClient } from '@inventory/redis';
import { Keyspace } from '@inventory/redis';

const pageSize = 500;
const workspaces = Array.from({ length: 12 }, (_, index) => ({
  uuid: `workspace-${index}`,
  name: `Workspace ${index}`,
}));
const words = [
  'Checkout',
  'Homepage',
  'Navigation',
  'Onboarding',
  'Pricing',
  'Prototype',
  'Search',
  'Sign-up',
  'Survey',
];

/** Fills checkpoints with tests in twelve workspaces, six of seven decided by their listing. */
export async function fillLibrary(client: RedisClient, prefix: string, tests: number): Promise<Checkpoints> {
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  await checkpoints.import.ensureInUse(async () => undefined);
  await checkpoints.listing.saveWorkspaces(workspaces);
  const { id: run, joinedAt } = await checkpoints.runs.start('all');
  for (let from = 0; from < tests; from += pageSize) {
    const position = (from / pageSize) % workspaces.length;
    const page = Array.from({ length: Math.min(pageSize, tests - from) }, (_, index) => testOf(from + index));
    const workspace = workspaces[position]?.uuid ?? '';
    await checkpoints.listing.savePage({ run, joinedAt, workspace, position, probe: true, tests: page });
  }
  return checkpoints;
}

function testOf(number: number) {
  const category = categories[number % (categories.length + 1)];
  // Multiplied by a large odd number, counted numbers look like drawn ones and stay different.
  const start = ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  const title = [7, 31, 101].map((step) => words[Math.floor((number * step) / 13) % words.length]).join(' ');
  const orderedAt = new Date(Date.UTC(2019, 0, 1) + number * 2_000_000).toISOString();
  return {
    uuid: `${start}-0000-4000-8000-${String(number).padStart(12, '0')}`,
    listing: { title: `${title}, round ${number}`, orderedAt },
    declared: category === undefined ? null : { category, rule: 'declared', source: 'declared' as const },
  };
}
