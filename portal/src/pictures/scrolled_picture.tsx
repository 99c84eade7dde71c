import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  class: string;
  width: number;
  height: number;
  caption: string;
  children: ComponentChildren;
}

/** A picture in its own size, which a narrow page scrolls by itself; reached and named for the keyboard. */
export function ScrolledPicture({ class: name, width, height, caption, children }: Props) {
  const id = useId();
  return (
    <div class="picture-scroll" role="region" aria-label={`${caption}: picture`} tabIndex={0}>
      <svg
        class={name}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-labelledby={id}
      >
        <title id={id}>{caption}</title>
        {children}
      </svg>
    </div>
  );
}
