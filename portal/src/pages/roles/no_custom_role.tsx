import { LinkButton } from '../../ui/button';
import { EmptyState } from '../../ui/empty_state';
import { useSession } from '../../session/session';
import { roleActions } from './role_list';

/** Teaches what a custom role is made of, where there is none yet. */
export function NoCustomRole() {
  const { scope, permissions } = useSession();
  const reason = permissions.reason(roleActions(scope).write);
  if (scope?.kind === 'enterprise')
    return (
      <EmptyState title="No custom role of the enterprise yet">
        <p>
          The built-in role gives every permission of the enterprise. A custom role gives a few: “Read
          Enterprise Token” alone, say, for an inventory.
        </p>
        <LinkButton href="/roles/new" disabledReason={reason}>
          Make a role
        </LinkButton>
      </EmptyState>
    );
  return (
    <EmptyState title="No custom role yet">
      <p>
        Built-in roles reach every database. A custom role names what it opens: actions (“Select Table”) and
        the resources that they hold on.
      </p>
      <dl class="facts">
        <dt>One table</dt>
        <dd>
          <code>…:db:9a1f6c2e-…:keyspace:shop:table:orders</code>
        </dd>
        <dt>A wildcard</dt>
        <dd>
          <code>…:db:*:keyspace:shop:table:*</code> is every table of the keyspace <em>shop</em> in every
          database, also of those to come. A <code>*</code> stands for a whole name.
        </dd>
        <dt>A deny</dt>
        <dd>
          One role allows “Select Table” on <code>table:*</code>, a second one denies it on{' '}
          <code>table:salaries</code>. Who holds both reads everything but salaries: a deny wins over every
          allow.
        </dd>
      </dl>
      <div class="actions">
        <LinkButton href="/roles/new?example=read" disabledReason={reason}>
          Begin with reading one keyspace
        </LinkButton>
        <LinkButton href="/roles/new?example=deny" disabledReason={reason}>
          Begin with a deny
        </LinkButton>
      </div>
    </EmptyState>
  );
}
