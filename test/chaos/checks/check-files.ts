import type { StateFiles } from '../world/world.ts';
import { type Check, takesBack } from './evidence.ts';

/** Every test stands in the right file, once, with the right type and workspace. */
export const checkFiles: Check = ({ stage, files }) => {
  if (files === null) return ['the state files cannot be read'];
  const expected = stage.world.account.expected();
  return [...differences('utz', files, expected), ...differences('classic', files, expected)];
};

/** The state files parsed at every look, and no record was gone again that nobody took back. */
export const checkFileSights: Check = ({ stage, fileSights }) => {
  const mayLose = takesBack(stage.plan);
  return fileSights.problems.filter((problem) => !(mayLose && problem.includes('has lost')));
};

type Name = 'utz' | 'classic';

function differences(name: Name, files: StateFiles, expected: Pick<StateFiles, Name>): string[] {
  const found = files[name].map((record) => JSON.stringify(record));
  const wanted = expected[name].map((record) => JSON.stringify(record));
  if (found.join('\n') === wanted.join('\n')) return [];
  const missing = wanted.filter((record) => !found.includes(record)).map((record) => `${name} lacks ${record}`);
  const extra = found.filter((record) => !wanted.includes(record)).map((record) => `${name} has ${record}`);
  const twice = found.filter((record, index) => found.indexOf(record) !== index);
  const problems = [...missing, ...extra, ...twice.map((record) => `${name} has twice ${record}`)];
  return problems.length > 0 ? problems : [`${name} is in another order`];
}
