import { Badge } from '../ui/badge';
import type { Token } from './list_state';
import { statesOf } from './token_state';

export function TokenBadges({
  token,
  roles,
}: {
  token: Token;
  roles: ReadonlyMap<string, string> | undefined;
}) {
  return (
    <span class="badges">
      {statesOf(token, roles).map((state) => (
        <Badge key={state.text} tone={state.tone}>
          {state.text}
        </Badge>
      ))}
    </span>
  );
}
