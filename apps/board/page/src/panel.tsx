import { numberText } from '@inventory/status/words';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { testHref } from './addresses.ts';
import type { Problem } from './board-api.ts';
import { Link } from './route.tsx';

interface PanelProps {
  /** Id of the section; its title gets the id `ID-title`. */
  readonly id: string;
  readonly title: ComponentChildren;
  /** `h1` where the section is the whole view; else `h2`. */
  readonly heading?: 'h1' | 'h2';
  /** The note beside the title. */
  readonly note?: ComponentChildren;
  /** Classes beside `panel`. */
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A section of the page with a title. */
export function Panel({
  id,
  title,
  heading: Heading = 'h2',
  note,
  class: more = '',
  children,
}: PanelProps): JSX.Element {
  return (
    <section class={`panel ${more}`} id={id} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <Heading id={`${id}-title`}>{title}</Heading>
        {note !== undefined && <p>{note}</p>}
      </header>
      {children}
    </section>
  );
}

/** The first of many items, and a button that shows all of them; no button where there are few. */
export function useFirst<Item>(items: readonly Item[], few: number) {
  const [all, showAll] = useState(false);
  const button = items.length > few && (
    <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
      {all ? 'Show fewer' : `Show all ${numberText(items.length)}`}
    </button>
  );
  return { shown: all ? items : items.slice(0, few), button };
}

/** Facts with their names. @param class `facts` side by side, `table-list` one below the other */
export function Facts({
  class: look,
  facts,
}: {
  class: string;
  facts: readonly (readonly [string, ComponentChildren])[];
}) {
  return (
    <dl class={look}>
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Why something can't be shown, and the tests that may have been meant; nothing where the board is away. */
export function NotShown({ problem }: { problem: Problem | null }): JSX.Element | null {
  if (problem === null || problem.status === null) return null;
  return (
    <div class="problem" role="alert">
      <p>
        {problem.message}
        {problem.near.length > 0 && ' Did you mean one of these?'}
      </p>
      <ul>
        {problem.near.map((uuid) => (
          <li key={uuid}>
            <Link href={testHref(uuid)}>
              <code>{uuid}</code>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
