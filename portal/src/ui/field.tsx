import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { isSecret, useForgetting } from './secrets';

interface Labelled {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  /** Worth a look, and no reason to refuse it. */
  warning?: string | undefined;
}

type InputProps = Omit<InputHTMLAttributes, 'label' | 'value' | 'autofocus'>;

function describedBy(id: string, { hint, error, warning }: Labelled): string | undefined {
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : '', warning ? `${id}-warning` : '']
    .filter(Boolean)
    .join(' ');
  return ids || undefined;
}

function Around({
  id,
  label,
  hint,
  error,
  warning,
  children,
}: Labelled & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p id={`${id}-error`} class="error">
          {error}
        </p>
      )}
      {warning && (
        <p id={`${id}-warning`} class="warning">
          {warning}
        </p>
      )}
    </div>
  );
}

export function TextField(
  props: Labelled & InputProps & { value: string; onValue: (value: string) => void; autofocus?: boolean },
) {
  const { label, hint, error, warning, value, onValue, autofocus, ...rest } = props;
  const id = useId();
  useForgetting(isSecret(rest.type, rest.autocomplete), () => onValue(''));
  return (
    <Around id={id} label={label} hint={hint} error={error} warning={warning}>
      <input
        type="text"
        {...rest}
        id={id}
        value={value}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, props)}
        data-autofocus={autofocus ? '' : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Around>
  );
}

export function TextArea(
  props: Labelled & {
    value: string;
    onValue: (value: string) => void;
    rows?: number;
    code?: boolean;
    readOnly?: boolean;
  },
) {
  const { label, hint, error, value, onValue, rows = 4, code, readOnly } = props;
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        rows={rows}
        class={code ? 'code' : ''}
        spellcheck={!code}
        readOnly={readOnly}
        value={value}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, props)}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Around>
  );
}

export interface Option {
  value: string;
  text: string;
  disabled?: boolean;
}

export function SelectField(
  props: Labelled & {
    value: string;
    onValue: (value: string) => void;
    options: Option[];
    hideLabel?: boolean;
  },
) {
  const { label, hint, error, value, onValue, options, hideLabel } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'for-readers' : ''}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <select
        id={id}
        value={value}
        aria-describedby={describedBy(id, props)}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.text}
          </option>
        ))}
      </select>
      {error && (
        <p id={`${id}-error`} class="error">
          {error}
        </p>
      )}
    </div>
  );
}

export function CheckField(props: {
  label: ComponentChildren;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  hint?: ComponentChildren;
  disabledReason?: string | undefined;
  name?: string;
  radio?: boolean;
}) {
  const { label, checked, onChecked, hint, disabledReason, name, radio } = props;
  const id = useId();
  const under = disabledReason ?? hint;
  return (
    <div class="check">
      <input
        id={id}
        type={radio ? 'radio' : 'checkbox'}
        name={name}
        checked={checked}
        aria-disabled={disabledReason ? 'true' : undefined}
        aria-describedby={under ? `${id}-hint` : undefined}
        onClick={(event) => disabledReason && event.preventDefault()}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {under && (
        <p id={`${id}-hint`} class="hint">
          {under}
        </p>
      )}
    </div>
  );
}

/** Fields that belong together, with a heading that is read with each. */
export function FieldSet(props: { legend: string; hint?: ComponentChildren; children: ComponentChildren }) {
  return (
    <fieldset>
      <legend>{props.legend}</legend>
      {props.hint && <p class="hint">{props.hint}</p>}
      {props.children}
    </fieldset>
  );
}
