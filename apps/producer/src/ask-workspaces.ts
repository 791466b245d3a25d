import { isCancel, text } from '@clack/prompts';
import type { Workspace } from '@inventory/usertesting';
import { type Selection, selectByAnswer } from './select-workspaces.ts';

/**
 * Shows the numbered list on a terminal and asks which workspaces to take.
 * @returns null when the user breaks off (Ctrl-C)
 */
export async function askWorkspaces(all: readonly Workspace[]): Promise<Selection | null> {
  process.stdout.write('Available workspaces:\n');
  for (const [index, { uuid, name }] of all.entries()) process.stdout.write(`  ${index + 1}) ${uuid} (${name})\n`);
  const answer = await text({
    message: 'Select workspace number(s), or press Enter for ALL',
    placeholder: '0 = all',
    validate: (value) =>
      selectByAnswer(all, value ?? '') === null ? `Enter numbers from 1 to ${all.length}, or 0 for all.` : undefined,
  });
  return isCancel(answer) ? null : selectByAnswer(all, answer ?? '');
}
