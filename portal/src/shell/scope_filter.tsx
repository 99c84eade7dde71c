import { useState } from 'preact/hooks';
import { go, leave } from '../router/place';
import { useSession } from '../session/session';
import { SelectField } from '../ui/field';

/** The enterprise and organizations that somebody belongs to; what is chosen is where everything happens. */
export function ScopeFilter({ hideLabel = false }: { hideLabel?: boolean }) {
  const { scopes, scope, choose } = useSession();
  const [, setRound] = useState(0);
  if (!scope) return null;
  const words = { organization: '', enterprise: ' (enterprise)' };
  return (
    <SelectField
      label="Enterprise or organization"
      hideLabel={hideLabel}
      value={scope.id}
      options={scopes.map((one) => ({ value: one.id, text: one.name + words[one.kind] }))}
      onValue={(id) => {
        const wanted = scopes.find((one) => one.id === id);
        if (!wanted || wanted.id === scope.id) return;
        setRound((n) => n + 1); // where leaving is declined, the former choice stands again
        leave(() => {
          choose(wanted);
          // What a list was narrowed to speaks of the former scope; so does every page but the Settings.
          go(location.pathname.startsWith('/settings') ? location.pathname : '/');
        });
      }}
    />
  );
}
