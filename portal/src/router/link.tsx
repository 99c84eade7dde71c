import type { AnchorHTMLAttributes } from 'preact';
import { go } from './place';

type Props = AnchorHTMLAttributes & { href: string };

/** A link to a page of the Portal. Opening it elsewhere (modifier keys, middle button) stays the browser's. */
export function Link({ href, onClick, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(href);
      }}
    />
  );
}
