import { Page } from '../ui/page';

/** Whether the browser keeps a session cookie here: TLS, or this very machine. */
export function canSignIn(): boolean {
  return location.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
}

export function NoPlainHttp() {
  const port = location.port || '80';
  return (
    <Page title="Sign in needs an encrypted connection">
      <p>
        This page came over plain HTTP from another machine. A password or a session sent like that could be
        read on the way, so Latchkey takes neither. Two ways out:
      </p>
      <ul>
        <li>
          Come through SSH: <code>{`ssh -L ${port}:127.0.0.1:${port} ${location.hostname}`}</code>, then open{' '}
          <code>{`http://localhost:${port}`}</code>.
        </li>
        <li>
          Give the daemon a certificate: <code>latchkey serve --http-tls-cert FILE --http-tls-key FILE</code>.
        </li>
      </ul>
    </Page>
  );
}
