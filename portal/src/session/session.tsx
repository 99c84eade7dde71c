import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { api, ask, attend, callAs } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { isProblem } from '../api/problem';
import { go } from '../router/place';
import { recall, remember } from '../storage';
import { ProofDialog, useProof } from './proof_dialog';
import { permissionsOf } from './permissions';
import type { Permissions } from './permissions';

export interface Session {
  signedIn: Shapes['Session'];
  scopes: Scope[];
  /** Where the person acts; null: they belong nowhere. */
  scope: Scope | null;
  choose: (scope: Scope) => void;
  permissions: Permissions;
  /** Reads session and permissions again: after a change of one's own account or roles. */
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

export type SessionState =
  | { is: 'unknown' }
  | { is: 'out'; ended: boolean }
  | { is: 'failed'; message: string }
  | { is: 'in'; session: Session };

const Context = createContext<{ state: SessionState; enter: () => Promise<void> }>({
  state: { is: 'unknown' },
  enter: () => Promise.resolve(),
});

/** The signed-in person's session. Only for pages that stand behind the sign-in. */
export function useSession(): Session {
  const { state } = useContext(Context);
  if (state.is !== 'in') throw new Error('no session here');
  return state.session;
}

export function useSessionState() {
  return useContext(Context);
}

function scopesOf(signedIn: Shapes['Session']): Scope[] {
  return signedIn.memberships.map((m) => ({
    id: m.scope,
    kind: m.kind === 'enterprise' ? 'enterprise' : 'organization',
    name: m.name,
  }));
}

function chosen(scopes: Scope[], wanted: string | null): Scope | null {
  const organization = scopes.find((scope) => scope.kind === 'organization');
  return scopes.find((scope) => scope.id === wanted) ?? organization ?? scopes[0] ?? null;
}

type Known = { signedIn: Shapes['Session']; scope: Scope | null; permissions: Permissions };

async function look(wanted: string | null): Promise<Known> {
  callAs('', null);
  const signedIn = await ask(() => api.GET('/v2/sessions/current'));
  const scope = chosen(scopesOf(signedIn), wanted);
  callAs(signedIn.csrfToken, scope);
  return { signedIn, scope, permissions: await permissionsOf(scope) };
}

export function SessionProvider({ children }: { children: ComponentChildren }) {
  const [known, setKnown] = useState<Known>();
  const [without, setWithout] = useState<Exclude<SessionState, { is: 'in' }>>({ is: 'unknown' });
  const proof = useProof();

  const enter = useCallback(async (wanted: string | null = recall('scope')) => {
    try {
      setKnown(await look(wanted));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setKnown(undefined);
      // Only the door of a first start has no sessions at all. Its own page is left alone: it has a secret to take.
      if (thrown.status === 404 && location.pathname !== '/set-up') go('/set-up', 'replace');
      setWithout(
        thrown.status === 401 ? { is: 'out', ended: false } : { is: 'failed', message: thrown.message },
      );
    }
  }, []);

  useEffect(() => {
    attend({
      prove: proof.ask,
      sessionEnded: () => {
        setKnown(undefined);
        setWithout({ is: 'out', ended: true });
      },
    });
    void enter();
  }, [enter, proof.ask]);

  const choose = useCallback(
    (scope: Scope) => {
      remember('scope', scope.id);
      void enter(scope.id);
    },
    [enter],
  );

  const signOut = useCallback(async () => {
    await ask(() => api.DELETE('/v2/sessions/current'));
    callAs('', null);
    setKnown(undefined);
    setWithout({ is: 'out', ended: false });
  }, []);

  const state = useMemo<SessionState>(() => {
    if (!known) return without;
    const session = {
      ...known,
      scopes: scopesOf(known.signedIn),
      choose,
      refresh: () => enter(),
      signOut,
    };
    return { is: 'in', session };
  }, [known, without, choose, enter, signOut]);

  return (
    <Context.Provider value={{ state, enter: () => enter() }}>
      {children}
      {known && <ProofDialog proof={proof} secondFactor={known.signedIn.person.secondFactor} />}
    </Context.Provider>
  );
}
