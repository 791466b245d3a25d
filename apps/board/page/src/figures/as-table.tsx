import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Figures that are only made while somebody looks at them. */
export function AsTable({ children }: { children: () => ComponentChildren }): JSX.Element {
  const [open, toggle] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && children()}
    </details>
  );
}
