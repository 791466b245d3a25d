import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

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
