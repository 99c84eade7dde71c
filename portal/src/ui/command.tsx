import { CopyButton } from './copy_button';

/** A command to be run elsewhere, to be copied as it stands. */
export function Command({ text, what }: { text: string; what: string }) {
  return (
    <div class="command">
      <pre tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
