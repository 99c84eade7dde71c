import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { useId } from 'preact/hooks';
import { Link } from '../router/link';

type Kind = 'plain' | 'primary' | 'danger' | 'quiet';

interface Props {
  kind?: Kind;
  type?: 'button' | 'submit';
  busy?: boolean;
  /** Why the button cannot be used: it stays reachable by keyboard and says so. */
  disabledReason?: string | undefined;
  onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  children: ComponentChildren;
  autofocus?: boolean;
  label?: string;
}

/** A disabled button that can be focused, so that everybody hears the reason. */
export function Button({
  kind = 'plain',
  type = 'button',
  busy,
  disabledReason,
  onClick,
  children,
  autofocus,
  label,
}: Props) {
  const id = useId();
  const off = disabledReason !== undefined;
  const button = (
    <button
      type={off ? 'button' : type}
      class={`button ${kind}`}
      aria-disabled={off || busy ? 'true' : undefined}
      aria-describedby={off ? id : undefined}
      aria-busy={busy ? 'true' : undefined}
      aria-label={label}
      data-autofocus={autofocus ? '' : undefined}
      onClick={(event) => {
        if (off || busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
  if (!off) return button;
  return (
    <span class="with-reason">
      {button}
      <span id={id} role="tooltip" class="reason">
        {disabledReason}
      </span>
    </span>
  );
}

/** What looks like a button and leads to a page. Disabled, it is a button with its reason. */
export function LinkButton(props: {
  href: string;
  kind?: Kind;
  disabledReason?: string | undefined;
  children: ComponentChildren;
}) {
  const { href, kind = 'plain', disabledReason, children } = props;
  if (disabledReason !== undefined)
    return (
      <Button kind={kind} disabledReason={disabledReason}>
        {children}
      </Button>
    );
  return (
    <Link href={href} class={`button ${kind}`}>
      {children}
    </Link>
  );
}
