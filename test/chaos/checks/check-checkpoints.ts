import { type Check, takesBack } from './evidence.ts';

/** In the end no test is open, no job has failed, and every test with sessions was decided once, or what was decided first was taken back. */
export const checkCheckpoints: Check = ({ stage, contents }) => {
  const { prefix, account } = stage.world;
  const sizeOf = (name: string): number => Object.keys(contents[`${prefix}:${name}`] ?? {}).length;
  const found: string[] = [];
  if (sizeOf('open') > 0) found.push(`${sizeOf('open')} tests are still open`);
  if (sizeOf('classify:failed') > 0) found.push(`${sizeOf('classify:failed') / 2} jobs have failed`);
  if (contents[`${prefix}:held`] !== undefined) found.push(`the queue is held: ${contents[`${prefix}:held`]}`);
  const decided = (contents[`${prefix}:decided`] ?? []) as readonly [id: string, fields: readonly string[]][];
  const uuids = decided.map(([, fields]) => fields[1] ?? '');
  const twice = uuids.filter((uuid, index) => uuids.indexOf(uuid) !== index && hasSessions(uuid));
  for (const uuid of new Set(takesBack(stage.plan) ? [] : twice)) found.push(`${uuid} was decided twice`);
  return found;

  function hasSessions(uuid: string): boolean {
    const test = account.sandbox.library.test(uuid);
    return test?.kind === 'classic' || test?.sessions !== 0;
  }
};
