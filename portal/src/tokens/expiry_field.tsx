import { useState } from 'preact/hooks';
import { span } from '../model/time';
import { SelectField, TextField } from '../ui/field';
import type { Option } from '../ui/field';
import { defaultWords, secondsOf, tooLong } from './expiry';
import type { Expires, Lifetimes } from './expiry';

interface Props {
  value: Expires;
  onValue: (value: Expires) => void;
  lifetimes: Lifetimes | undefined;
  error: string | undefined;
}

const offered = ['7d', '30d', '90d', '180d', '365d'];
const onOneDay = 'day';

function spans(value: Expires, lifetimes: Lifetimes | undefined): Option[] {
  const all = secondsOf(value) === null || offered.includes(value) ? offered : [...offered, value];
  return all.map((text) => {
    const seconds = secondsOf(text) ?? 0;
    const disabled = tooLong(seconds, lifetimes);
    return {
      value: text,
      text: `After ${span(seconds)}${disabled ? ' (longer than allowed)' : ''}`,
      disabled,
    };
  });
}

/** "Never expire" first, or what the organization's settings say in its place. */
export function ExpiryField({ value, onValue, lifetimes, error }: Props) {
  const [byDay, setByDay] = useState(value !== '' && secondsOf(value) === null);
  const most = lifetimes?.maximumLifetimeSeconds ?? null;
  return (
    <>
      <SelectField
        label="Expiration"
        hint={most !== null && `No token lives longer than ${span(most)} here.`}
        value={byDay ? onOneDay : value}
        options={[
          { value: '', text: defaultWords(lifetimes) },
          ...spans(value, lifetimes),
          { value: onOneDay, text: 'On a day …' },
        ]}
        onValue={(chosen) => {
          setByDay(chosen === onOneDay);
          onValue(chosen === onOneDay ? '' : chosen);
        }}
      />
      {byDay && (
        <TextField
          label="Last day"
          type="date"
          value={value}
          onValue={onValue}
          error={error}
          min={new Date().toISOString().slice(0, 10)}
          required
        />
      )}
    </>
  );
}
