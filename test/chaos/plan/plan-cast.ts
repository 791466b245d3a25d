import type { Dice } from './dice.ts';
import type { Role } from './plan.ts';

/** Which processes do the work: all in one, two of these at once, or producers, workers and an exporter apart. */
export function planCast(roll: Dice): readonly [Role, ...Role[]] {
  const workers = (count: number): Role[] => Array.from({ length: count }, () => 'worker');
  switch (roll.int(0, 6)) {
    case 0:
    case 1:
      return ['start'];
    case 2:
      return ['start', 'start'];
    case 3:
      return ['start', ...workers(1)];
    case 4:
      return ['producer', 'producer', ...workers(roll.int(1, 2)), 'exporter'];
    default:
      return ['producer', ...workers(roll.int(1, 3)), 'exporter'];
  }
}
