import { commandLine } from '@inventory/logger/command-line';
import { createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';

/** Whether the board was started by the installed command, so that other commands are as well. */
export const Installed = createContext(false);

interface CommandProps {
  /** Such as `retry`. */
  readonly name: string;
  readonly args?: string;
}

/** A command as the reader has to type it. */
export function Command({ name, args = '' }: CommandProps): JSX.Element {
  return <code>{commandLine(name, args, useContext(Installed))}</code>;
}

/** A command with a button that copies it. */
export function CopyableCommand({ name, args = '' }: CommandProps): JSX.Element {
  const text = commandLine(name, args, useContext(Installed));
  return (
    <span class="command">
      <code>{text}</code> <CopyButton text={text} name={`the ${name} command`} />
    </span>
  );
}
