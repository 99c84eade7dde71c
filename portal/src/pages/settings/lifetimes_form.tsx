import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { lifetimeOf, lowers, secondsOf } from '../../model/lifetime';
import type { Lifetime } from '../../model/lifetime';
import { counted } from '../../model/words';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm_dialog';
import { CheckField, SelectField, TextField } from '../../ui/field';
import { Form } from '../../ui/form';

interface Props {
  kept: Shapes['Settings'];
  disabledReason: string | undefined;
  onSaved: () => void;
}

interface Previewed {
  wish: Shapes['Settings'];
  would: Shapes['SettingsPreviewed'];
}

/** A lower maximum is previewed by the API and confirmed before it is written. */
export function LifetimesForm({ kept, disabledReason, onSaved }: Props) {
  const [usual, setUsual] = useState(lifetimeOf(kept.defaultLifetimeSeconds));
  const [longest, setLongest] = useState(lifetimeOf(kept.maximumLifetimeSeconds));
  const [inherit, setInherit] = useState(kept.inheritExpiry === true);
  const [ceiling, setCeiling] = useState(kept.ceiling !== false);
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const deed = useDeed();

  const write = async (wish: Shapes['Settings'], preview?: string) => {
    await ask(() =>
      api.PUT('/v2/organizations/settings', { body: preview === undefined ? wish : { ...wish, preview } }),
    );
    setPreviewed(null);
    announce('The settings are saved.');
    onSaved();
  };
  const save = () => {
    const defaultLifetimeSeconds = secondsOf(usual);
    const maximumLifetimeSeconds = secondsOf(longest);
    if (defaultLifetimeSeconds === undefined || maximumLifetimeSeconds === undefined) return;
    const wish = { defaultLifetimeSeconds, maximumLifetimeSeconds, inheritExpiry: inherit, ceiling };
    void deed.run(async () => {
      if (!lowers(kept.maximumLifetimeSeconds, maximumLifetimeSeconds)) return write(wish);
      const would = await ask(() => api.POST('/v2/organizations/settings/preview', { body: wish }));
      setPreviewed({ wish, would });
    });
  };
  return (
    <Form class="narrow" noValidate onSubmit={() => save()} problem={deed.problem}>
      <LifetimeFields
        label="Default lifetime"
        hint="Of a token that is made without an end. Empty: it never expires."
        value={usual}
        onValue={setUsual}
      />
      <LifetimeFields
        label="Maximum lifetime"
        hint="No token lives longer, counted from when it was made, not even one that exists already. Empty: no maximum."
        value={longest}
        onValue={setLongest}
      />
      <CheckField
        label="Tokens end no later than the token that made them"
        hint="Off by default. Tokens made by people are not concerned."
        checked={inherit}
        onChecked={setInherit}
      />
      <CheckField
        label="The ceiling holds: nobody hands out more than they hold"
        hint="On by default. Off, whoever may write tokens can make one that may do anything."
        checked={ceiling}
        onChecked={setCeiling}
      />
      {!ceiling && (
        <p class="note warn">Without the ceiling org-token-write is as good as every permission.</p>
      )}
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy} disabledReason={disabledReason}>
          Save settings
        </Button>
      </div>
      {previewed && (
        <ConfirmDialog
          title="Lower the maximum lifetime?"
          confirm="Lower Maximum"
          onConfirm={() => write(previewed.wish, previewed.would.preview)}
          onCancel={() => setPreviewed(null)}
        >
          <Would would={previewed.would} />
        </ConfirmDialog>
      )}
    </Form>
  );
}

function Would({ would }: { would: Shapes['SettingsPreviewed'] }) {
  const { endingNow: now, endingWithin7Days: soon } = would;
  if (now === 0 && soon === 0) return <p>No token ends at once or within seven days by this.</p>;
  return (
    <>
      <p>
        <strong>
          {now === 0
            ? 'No token ends at once'
            : `${counted(now, 'token')} ${now === 1 ? 'ends' : 'end'} at once`}
        </strong>
        , and {soon === 0 ? 'none' : counted(soon, 'more', 'more')} within seven days.
      </p>
      <p>What uses them is refused from then on, and open sessions are closed.</p>
    </>
  );
}

function LifetimeFields(props: {
  label: string;
  hint: string;
  value: Lifetime;
  onValue: (value: Lifetime) => void;
}) {
  const { label, hint, value, onValue } = props;
  return (
    <div class="lifetime">
      <TextField
        label={label}
        hint={hint}
        inputMode="numeric"
        value={value.count}
        onValue={(count) => onValue({ ...value, count })}
        error={secondsOf(value) === undefined ? 'A whole number above zero, or nothing.' : undefined}
      />
      <SelectField
        label={`Unit of ${label.toLowerCase()}`}
        hideLabel
        value={value.unit}
        onValue={(unit) => onValue({ ...value, unit: unit as Lifetime['unit'] })}
        options={['days', 'hours', 'seconds'].map((unit) => ({ value: unit, text: unit }))}
      />
    </div>
  );
}
