import { cleanup, render } from '@testing-library/preact';
import { Fragment } from 'preact';
import type { ComponentChildren } from 'preact';
import { afterEach, beforeEach, vi } from 'vitest';
import { SessionProvider, useSessionState } from '../session/session';
import { Announcer } from '../ui/announcer';

// jsdom knows dialogs, but not how to show them; and nothing of what is laid out.
beforeEach(() => {
  vi.stubGlobal('CSS', { escape: (text: string) => text });
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  history.replaceState(null, '', '/');
});

function Inside({ children }: { children: ComponentChildren }) {
  const { state, enter } = useSessionState();
  if (state.is !== 'in')
    return (
      <>
        <p>{state.is}</p>
        <button onClick={() => void enter()}>enter</button>
      </>
    );
  return (
    <Fragment key={state.session.signedIn.person.id}>
      {state.session.ended && <p>the session has ended</p>}
      {children}
    </Fragment>
  );
}

/** Renders behind the sign-in; stubApi must answer what signedIn() lists. */
export function renderSignedIn(children: ComponentChildren) {
  return render(
    <SessionProvider>
      <Announcer />
      <Inside>{children}</Inside>
    </SessionProvider>,
  );
}
