import { useRef } from 'preact/hooks';
import { LinkButton } from '../ui/button';

interface Props {
  /** Where this page begins; empty: the first. */
  after: string;
  /** Where the next one does; empty: there is none. */
  next: string;
  hrefOf: (after: string) => string;
}

/**
 * Pages are named by where they begin, so that none shifts while others come and go. Which one was before is known
 * where the viewer came from there; else there is the first page.
 */
export function Paging({ after, next, hrefOf }: Props) {
  const before = useRef(new Map<string, string>());
  if (next) before.current.set(next, after);
  const previous = before.current.get(after);
  if (!after && !next) return null;
  return (
    <nav aria-label="Pages of the list" class="actions paging">
      {after && previous !== '' && <LinkButton href={hrefOf('')}>First page</LinkButton>}
      {after && previous !== undefined && <LinkButton href={hrefOf(previous)}>Previous page</LinkButton>}
      {next && <LinkButton href={hrefOf(next)}>Next page</LinkButton>}
    </nav>
  );
}
