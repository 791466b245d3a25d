import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Copies a text; says so, or that the browser does not let it. */
export function CopyButton({ text, name }: { text: string; name: string }): JSX.Element {
  const [said, say] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      say('Not allowed here: select it instead');
    }
  };
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()}>
        Copy {name}
      </button>
      <span role="status">{said}</span>
    </span>
  );
}
