import { SignInForm } from '../sign_in/sign_in_form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';

interface Props {
  email: string;
  onSignedIn: () => Promise<unknown>;
  /** Somebody else: the page goes. */
  onLeave: () => void;
}

/** Over the page of somebody whose session has ended; it covers the page, and what was typed there stays. */
export function SignInAgain({ email, onSignedIn, onLeave }: Props) {
  return (
    <Dialog title="Sign in again" onCancel={() => undefined} covers>
      <p>Your session has ended. What you typed on this page is still there, but for passwords and codes.</p>
      <SignInForm email={email} onSignedIn={onSignedIn}>
        <Button kind="quiet" onClick={onLeave}>
          Leave this page
        </Button>
      </SignInForm>
    </Dialog>
  );
}
