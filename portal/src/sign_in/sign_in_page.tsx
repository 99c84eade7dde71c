import { useSessionState } from '../session/session';
import { Page } from '../ui/page';
import { NoPlainHttp, canSignIn } from './plain_http';
import { SignInForm } from './sign_in_form';

export function SignInPage() {
  const { enter } = useSessionState();
  if (!canSignIn()) return <NoPlainHttp />;
  return (
    <Page title="Sign in">
      <SignInForm onSignedIn={enter} />
      <p class="hint">
        No account, or no password any more? Whoever runs this Latchkey makes a link for you:{' '}
        <code>latchkey user set-up ADDRESS</code>
      </p>
    </Page>
  );
}
