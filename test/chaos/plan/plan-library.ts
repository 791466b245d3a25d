import { createLibrary, type Library, type LibraryOptions } from '@inventory/sandbox';
import { dice } from './dice.ts';
import type { Plan } from './plan.ts';
import type { Troubles } from './plan-troubles.ts';

/**
 * The shape of a random library: mostly 5 to 40 tests, at times more than a page of 50, of all kinds. For a gateway that
 * answers 404 in JSON there are enough tests for a streak that is found out, and some that are known before it.
 */
export function planLibrary(seed: number, { forgetful }: Troubles): Pick<Plan, 'library' | 'emptyWorkspace'> {
  const roll = dice(seed, 'library');
  const usual = roll.chance(0.1) ? roll.int(55, 110) : roll.int(5, 40);
  const tests = forgetful ? Math.max(usual, 60) : usual;
  const workspaces = roll.int(1, 4);
  const weight = (): number => roll.int(0, 4);
  const library: LibraryOptions = {
    seed,
    tests,
    workspaces,
    sharedTests: workspaces > 1 ? roll.int(0, Math.min(8, tests)) : 0,
    mix: {
      classic: weight(),
      'no-sessions': weight(),
      'interaction (video)': weight(),
      'interaction (qx)': weight(),
      'interaction (all)': weight(),
      'think-out-loud': weight(),
      survey: (forgetful ? 3 : 1) + weight(),
      'live conversation': roll.int(0, 1),
    },
  };
  return { library, emptyWorkspace: roll.chance(0.25) };
}

/** The library of a plan, made anew. */
export function libraryOf({ library, emptyWorkspace }: Pick<Plan, 'library' | 'emptyWorkspace'>): Library {
  const made = createLibrary(library);
  if (emptyWorkspace) made.addWorkspace({ name: 'Nothing in here' });
  return made;
}
