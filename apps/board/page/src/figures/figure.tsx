import type { JSX } from 'preact';
import type { Type } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { typeSlug } from '../answers/type-slug.ts';
import { Link } from '../route/link.tsx';
import type { Route } from '../route/use-route.ts';
import { number } from '../words/count.ts';
import { shareOf } from '../words/share-of.ts';

interface FigureProps {
  readonly type: Type;
  readonly count: number;
  readonly total: number;
  /** Empty for none. */
  readonly note: string;
  readonly href: string;
  readonly go: Route['go'];
}

/** One type with its number and its share, as a link to its tests. */
export function Figure({ type, count, total, note, href, go }: FigureProps): JSX.Element {
  return (
    <li class={count === 0 ? 'figure none' : 'figure'}>
      <Link href={href} go={go} show="tests">
        <span class="figure-name">
          <i class={`swatch type-${typeSlug(type)}`} />
          {typeName(type)}
        </span>
        <b>{number(count)}</b> <small>{shareOf(count, total)}</small>
        {note !== '' && <span class="figure-note">{note}</span>}
      </Link>
    </li>
  );
}
