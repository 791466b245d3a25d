import type { ComponentChildren, JSX } from 'preact';
import { isPlainClick } from './is-plain-click.ts';
import type { GoOptions, Route } from './use-route.ts';

interface LinkProps {
  readonly href: string;
  readonly go: Route['go'];
  /** Id of the element to bring into view. */
  readonly show?: string;
  readonly class?: string;
  readonly id?: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A link within the page; with a modifier key it is one like any other. */
export function Link({ href, go, show, children, ...rest }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    const options: GoOptions = show === undefined ? {} : { show };
    go(href, options);
  };
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
