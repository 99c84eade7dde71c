import { useEffect } from 'preact/hooks';
import { SignInForm } from '../sign_in/sign_in_form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';

interface Props {
  email: string;
  onSignedIn: () => Promise<unknown>;
  /** Somebody else: the page goes, and what was typed with it. */
  onSomebodyElse: () => void;
}

/** Over the page of somebody whose session has ended; it covers the page, and what was typed there stays. */
export function SignInAgain({ email, onSignedIn, onSomebodyElse }: Props) {
  // Once the dialog has taken the focus, by which it knows where to give it back.
  useEffect(() => {
    const page = document.documentElement;
    page.classList.add('covered');
    return () => page.classList.remove('covered');
  }, []);
  return (
    <Dialog title="Sign in again" onCancel={() => undefined} covers>
      <p>Your session has ended. What you typed on this page is still there, but for passwords and codes.</p>
      <SignInForm email={email} onSignedIn={onSignedIn}>
        <Button kind="quiet" onClick={onSomebodyElse}>
          Sign in as somebody else
        </Button>
      </SignInForm>
      <p class="hint">As somebody else you begin at the first page, and what was typed here is gone.</p>
    </Dialog>
  );
}
