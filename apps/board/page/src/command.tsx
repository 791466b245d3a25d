import { commandLine } from '@inventory/logger/command-line';
import { createContext, type JSX } from 'preact';
import { useContext, useState } from 'preact/hooks';

/** Whether the board was started by the installed command: then commands are shown in that form. */
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

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for people who do not see what is beside the button. */
  readonly name: string;
  /** What the button says; `Copy` unless given. */
  readonly label?: string;
}

/** Copies a text and says so, or says that the browser forbids it. */
export function CopyButton({ text, name, label = 'Copy' }: CopyButtonProps): JSX.Element {
  const [result, setResult] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('Copied');
    } catch {
      setResult('Not allowed here: select it instead');
    }
  };
  return (
    <span class="copy">
      <button type="button" aria-label={`Copy ${name}`} onClick={() => void copy()}>
        {label}
      </button>
      <span role="status">{result}</span>
    </span>
  );
}
