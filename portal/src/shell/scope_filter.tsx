import { go } from '../router/place';
import { useSession } from '../session/session';
import { SelectField } from '../ui/field';

/** The enterprise and organizations that somebody belongs to; what is chosen is where everything happens. */
export function ScopeFilter({ hideLabel = false }: { hideLabel?: boolean }) {
  const { scopes, scope, choose } = useSession();
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
        choose(wanted);
        if (!location.pathname.startsWith('/settings')) go('/');
      }}
    />
  );
}
