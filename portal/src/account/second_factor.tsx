import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useDeed } from '../api/use_answer';
import { useSession } from '../session/session';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { ProblemNote } from '../ui/problem_note';
import { AuthenticatorForm } from './authenticator_form';
import { RecoveryCodes } from './recovery_codes';

/** One's authenticator: set up, taken off, and the recovery codes that go with it. */
export function SecondFactor({ onDone }: { onDone?: () => void }) {
  const { signedIn, refresh } = useSession();
  const [offer, setOffer] = useState<Shapes['TotpNew'] | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [takingOff, setTakingOff] = useState(false);
  const deed = useDeed();
  const { person } = signedIn;

  // Once the codes are stored or left, not before: what surrounds this may go by the session, and take them away.
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => (codes ? () => void latest.current() : undefined), [codes]);

  const begin = () =>
    deed.run(async () => {
      setOffer(await ask(() => api.POST('/v2/person/totp')));
    });
  const confirmed = (made: string[]) => {
    setCodes(made);
    setOffer(null);
  };
  const renew = () =>
    deed.run(async () => {
      setCodes((await ask(() => api.POST('/v2/person/recovery-codes'))).recoveryCodes);
    });
  const takeOff = async () => {
    await ask(() => api.DELETE('/v2/person/totp'));
    setTakingOff(false);
    await refresh();
  };

  if (codes)
    return (
      <RecoveryCodes
        codes={codes}
        email={person.email}
        onStored={() => {
          setCodes(null);
          onDone?.();
        }}
      />
    );
  if (offer)
    return <AuthenticatorForm offer={offer} onConfirmed={confirmed} onCancel={() => setOffer(null)} />;
  return (
    <>
      <ProblemNote problem={deed.problem} />
      {person.secondFactor ? (
        <>
          <p>
            <Badge tone="good">On</Badge> Sign-ins need a code. {left(person.recoveryCodesLeft)}
          </p>
          <div class="actions">
            <Button busy={deed.busy} onClick={() => void renew()}>
              New recovery codes
            </Button>
            <Button onClick={() => setTakingOff(true)}>Take off</Button>
          </div>
        </>
      ) : (
        <>
          <p>
            <Badge tone="warn">Off</Badge> A password alone signs you in. With an authenticator a stolen
            password is not enough, and eight characters will do.
          </p>
          <div class="actions">
            <Button kind="primary" busy={deed.busy} onClick={() => void begin()}>
              Set up an authenticator
            </Button>
          </div>
        </>
      )}
      {takingOff && (
        <ConfirmDialog
          title="Take the authenticator off?"
          confirm="Take off"
          onConfirm={takeOff}
          onCancel={() => setTakingOff(false)}
        >
          <p>
            From then on the password alone signs you in; the recovery codes are void and your other sessions
            end. A password of fewer than 15 characters has to be changed first.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function left(count: number): string {
  if (count === 0) return 'No recovery code is left: make new ones.';
  return `${count} recovery ${count === 1 ? 'code is' : 'codes are'} left.`;
}
