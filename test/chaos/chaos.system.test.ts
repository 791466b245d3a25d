import { expect, it } from 'vitest';
import { runSeeds } from './run-seeds.ts';

/** Between them: all roles, all intervals, every kind of trouble; more by `npm run chaos`. */
const seeds = [14, 17, 48, 80, 170, 236];

it('whatever is killed, cut or answered wrongly, every test ends up right and nothing is lost or asked twice', async () => {
  const results = await runSeeds({ seeds, parallel: 3 });
  expect(results.map(({ traces }) => traces).join(''), results.map(({ line }) => line).join('\n')).toBe('');
  expect(results).toHaveLength(seeds.length);
});
