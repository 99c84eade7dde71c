import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props<P> {
  load: () => Promise<{ default: ComponentType<P> }>;
  give: P;
}

/** A component whose code is fetched when it is first shown. */
export function Loaded<P extends object>({ load, give }: Props<P>) {
  const [state, setState] = useState<{ Content: ComponentType<P> } | 'failed'>();
  useEffect(() => {
    let wanted = true;
    load().then(
      (module) => wanted && setState({ Content: module.default }),
      () => wanted && setState('failed'),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  if (state === undefined) return <p class="waiting">Loading …</p>;
  if (state === 'failed')
    return (
      <p class="note problem" role="alert">
        This could not be loaded; Latchkey may have been updated. Load the page again.
      </p>
    );
  return <state.Content {...give} />;
}
