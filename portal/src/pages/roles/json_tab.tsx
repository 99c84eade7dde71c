import { useRef } from 'preact/hooks';
import type { Mistake } from '../../model/policy_json';
import { CopyButton } from '../../ui/copy_button';
import { TextArea } from '../../ui/field';

interface Props {
  text: string;
  mistakes: Mistake[];
  onText: (text: string) => void;
}

/** The role as the API takes it. A mistake is a button that puts the cursor where it is. */
export function JsonTab({ text, mistakes, onText }: Props) {
  const around = useRef<HTMLDivElement>(null);
  const show = (at: number) => {
    const area = around.current?.querySelector('textarea');
    area?.focus();
    area?.setSelectionRange(at, at + 1);
  };
  return (
    <div ref={around}>
      <TextArea
        label="The role as JSON"
        hint="The body of POST and PUT /v2/organizations/roles. __ORG_ID__ stands for this organization."
        code
        rows={Math.min(30, Math.max(14, text.split('\n').length + 1))}
        value={text}
        onValue={onText}
        error={
          mistakes.length > 0
            ? mistakes.length === 1
              ? 'One mistake'
              : `${mistakes.length} mistakes`
            : undefined
        }
      />
      {mistakes.length > 0 && (
        <ul class="mistakes">
          {mistakes.map((one) => (
            <li key={`${one.at} ${one.message}`}>
              <button type="button" class="turn" onClick={() => show(one.at)}>
                Line {one.line}, column {one.column}: {one.message}
              </button>
            </li>
          ))}
        </ul>
      )}
      <CopyButton text={text} what="the role as JSON" />
    </div>
  );
}
