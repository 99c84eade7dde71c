import { actionName } from '../model/actions';

/** Actions for people, each with the name that DevOps clients use. */
export function ActionNames({ names }: { names: string[] }) {
  return (
    <ul class="action-names">
      {names.map((name) => (
        <li key={name}>
          {actionName(name)} <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}
