import { ago, exactly } from '../model/time';

/** A moment in words, the exact one on hovering and for machines. */
export function TimeText({ at, none = 'never' }: { at: string | null | undefined; none?: string }) {
  if (!at) return <>{none}</>;
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at)}
    </time>
  );
}
