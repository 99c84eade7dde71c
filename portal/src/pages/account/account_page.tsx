import { useState } from 'preact/hooks';
import { SecondFactor } from '../../account/second_factor';
import { keysAreOn, switchKeys } from '../../keys/keys';
import { chooseTheme, theme } from '../../model/theme';
import type { Theme } from '../../model/theme';
import { useSession } from '../../session/session';
import { CheckField, FieldSet } from '../../ui/field';
import { Page } from '../../ui/page';
import { OwnSessions } from './own_sessions';
import { PasswordForm } from './password_form';

export default function AccountPage() {
  const { signedIn } = useSession();
  return (
    <Page
      title="Account"
      lead={`${signedIn.person.email}. Everything here is yours alone, wherever you work.`}
    >
      <section>
        <h2>Second factor</h2>
        <SecondFactor />
      </section>
      <section>
        <h2>Password</h2>
        <PasswordForm />
      </section>
      <section>
        <h2>Signed-in browsers</h2>
        <OwnSessions />
      </section>
      <section>
        <h2>Where you belong</h2>
        <ul>
          {signedIn.memberships.map((one) => (
            <li key={one.scope}>
              {`${one.name} (${one.kind}): `}
              {one.roles.map((role) => role.name || 'a deleted role').join(', ')}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>This browser</h2>
        <ThisBrowser />
      </section>
    </Page>
  );
}

const themes: [Theme, string][] = [
  ['', 'As the system has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function ThisBrowser() {
  const [keys, setKeys] = useState(keysAreOn);
  const [worn, setWorn] = useState(theme);
  return (
    <div class="narrow">
      <CheckField
        label="Use keys"
        hint="Single letters lead to pages and rows; ? shows them."
        checked={keys}
        onChecked={(on) => {
          switchKeys(on);
          setKeys(on);
        }}
      />
      <FieldSet legend="Colours">
        {themes.map(([value, text]) => (
          <CheckField
            key={value}
            radio
            name="theme"
            label={text}
            checked={worn === value}
            onChecked={() => {
              chooseTheme(value);
              setWorn(value);
            }}
          />
        ))}
      </FieldSet>
    </div>
  );
}
