import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, askPlainly, attend, callAs, nowhere } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { isProblem, isSignedOut } from '../api/problem';
import { go, onceLeft } from '../router/place';
import { recall, remember } from '../storage';
import { forgetSecrets } from '../ui/secrets';
import { ProofDialog } from './proof_dialog';
import { permissionsOf } from './permissions';
import type { Permissions } from './permissions';
import { SignInAgain } from './sign_in_again';
import { useWaited } from './waited';

export interface Session {
  signedIn: Shapes['Session'];
  scopes: Scope[];
  /** Where the person acts; null: they belong nowhere. */
  scope: Scope | null;
  choose: (scope: Scope) => void;
  permissions: Permissions;
  /** It is over, and this page stays only because leaving it asks: it shows what cannot be shown again. */
  ended: boolean;
  /** Reads session and permissions again: after a change of one's own account or roles. */
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

export type SessionState =
  { is: 'unknown' } | { is: 'out' } | { is: 'failed'; message: string } | { is: 'in'; session: Session };

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

/** Calls of the page that are under way meanwhile, or after it has failed, act where the page does: without a scope they would act in the person's first. */
async function look(wanted: string | null): Promise<Known> {
  const signedIn = await askPlainly(() => api.GET('/v2/sessions/current', { headers: nowhere }));
  const scope = chosen(scopesOf(signedIn), wanted);
  callAs(signedIn.csrfToken, scope);
  return { signedIn, scope, permissions: await permissionsOf(scope) };
}

function signedOut(thrown: unknown): boolean {
  return isProblem(thrown) && isSignedOut(thrown);
}

export function SessionProvider({ children }: { children: ComponentChildren }) {
  const [known, setKnown] = useState<Known>();
  const [ended, setEnded] = useState(false);
  const [without, setWithout] = useState<Exclude<SessionState, { is: 'in' }>>({ is: 'unknown' });
  const proof = useWaited();
  const again = useWaited();
  const [over, setOver] = useState(false);
  const latest = useRef(known);
  latest.current = known;
  const away = useRef(false);

  const drop = useCallback(() => {
    again.settle(false);
    proof.settle(false);
    callAs('', null);
    setKnown(undefined);
    setEnded(false);
    setOver(false);
    away.current = false;
    setWithout({ is: 'out' });
  }, [again, proof]);

  /** Whoever is signed in now; false: somebody else than before, or elsewhere: nothing that waited may be done there. */
  const adopt = useCallback(
    async (wanted: string | null): Promise<boolean> => {
      const found = await look(wanted);
      const before = latest.current;
      const same =
        before === undefined ||
        (before.signedIn.person.id === found.signedIn.person.id && before.scope?.id === found.scope?.id);
      setKnown(found);
      setEnded(false);
      setOver(false);
      away.current = false;
      again.settle(same);
      if (!same) proof.settle(false);
      // Addresses have searches and ids of whoever was here.
      if (before && before.signedIn.person.id !== found.signedIn.person.id) go('/', 'replace');
      return same;
    },
    [again, proof],
  );

  const signInAgain = useCallback(async (): Promise<boolean> => {
    const before = latest.current;
    if (!before) return false;
    const wanted = before.scope?.id ?? null;
    try {
      return await adopt(wanted); // in another tab already
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      if (!signedOut(thrown)) return false;
    }
    forgetSecrets();
    setEnded(true);
    away.current = true;
    onceLeft(() => setOver(away.current)); // by then they may be back
    return again.ask();
  }, [adopt, again]);

  const enter = useCallback(
    async (wanted: string | null = recall('scope')) => {
      try {
        await adopt(wanted);
      } catch (thrown) {
        if (!isProblem(thrown)) throw thrown;
        if (signedOut(thrown) && latest.current) {
          await signInAgain();
          return;
        }
        setKnown(undefined);
        // Only the door of a first start has no sessions at all. Its own page is left alone: it has a secret to take.
        if (thrown.status === 404 && location.pathname !== '/set-up') go('/set-up', 'replace');
        setWithout(thrown.status === 401 ? { is: 'out' } : { is: 'failed', message: thrown.message });
      }
    },
    [adopt, signInAgain],
  );

  useEffect(() => {
    attend({ prove: proof.ask, signInAgain });
  }, [proof.ask, signInAgain]);
  const first = useRef(enter);
  useEffect(() => void first.current(), []);

  const choose = useCallback(
    (scope: Scope) => {
      remember('scope', scope.id);
      void enter(scope.id);
    },
    [enter],
  );

  const signOut = useCallback(async () => {
    try {
      await askPlainly(() => api.DELETE('/v2/sessions/current'));
    } catch (thrown) {
      if (!signedOut(thrown)) throw thrown;
    }
    drop();
  }, [drop]);

  const state = useMemo<SessionState>(() => {
    if (!known) return without;
    const session = {
      ...known,
      ended: ended && !over,
      scopes: scopesOf(known.signedIn),
      choose,
      refresh: () => enter(),
      signOut,
    };
    return { is: 'in', session };
  }, [known, ended, over, without, choose, enter, signOut]);

  return (
    <Context.Provider value={{ state, enter: () => enter() }}>
      {children}
      {known && <ProofDialog proof={proof} secondFactor={known.signedIn.person.secondFactor} />}
      {known && over && (
        <SignInAgain
          email={known.signedIn.person.email}
          onSignedIn={() => adopt(known.scope?.id ?? null)}
          onSomebodyElse={() => {
            drop();
            go('/', 'replace');
          }}
        />
      )}
    </Context.Provider>
  );
}
