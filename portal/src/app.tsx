import type { ComponentChildren } from 'preact';
import { PageOutlet, findPage } from './pages/page_outlet';
import { usePlace } from './router/place';
import { SessionProvider, useSessionState } from './session/session';
import { Shell } from './shell/shell';
import { SignInPage } from './sign_in/sign_in_page';
import { Announcer } from './ui/announcer';
import { Button } from './ui/button';

export function App() {
  return (
    <SessionProvider>
      <Announcer />
      <Gate />
    </SessionProvider>
  );
}

/** Who is not signed in sees the sign-in at whatever address they asked for, and then what they asked for. */
function Gate() {
  const place = usePlace();
  const { state, enter } = useSessionState();
  if (findPage(place.path)?.entry.open)
    return (
      <Alone>
        <PageOutlet place={place} />
      </Alone>
    );
  if (state.is === 'unknown') return <p class="waiting">Loading …</p>;
  if (state.is !== 'in' && !findPage(place.path))
    return (
      <Alone>
        <PageOutlet place={place} />
      </Alone>
    );
  if (state.is === 'out')
    return (
      <Alone>
        <SignInPage />
      </Alone>
    );
  if (state.is === 'failed')
    return (
      <Alone>
        <div class="note problem" role="alert">
          <p>{state.message}</p>
          <Button onClick={() => void enter()}>Try again</Button>
        </div>
      </Alone>
    );
  return (
    <Shell key={state.session.signedIn.person.id} place={place}>
      <PageOutlet place={place} scope={state.session.scope?.id} />
    </Shell>
  );
}

/** A page without the shell: before signing in. */
function Alone({ children }: { children: ComponentChildren }) {
  return (
    <div class="alone">
      <header class="top">
        <span class="brand">Latchkey</span>
      </header>
      <main id="main">{children}</main>
    </div>
  );
}
