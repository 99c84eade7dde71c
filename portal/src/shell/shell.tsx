import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useDeed } from '../api/use_answer';
import { KeyHelp } from '../keys/key_help';
import { useKeys } from '../keys/keys';
import { Link } from '../router/link';
import { go, leave } from '../router/place';
import type { Place } from '../router/place';
import { useSession } from '../session/session';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ProblemNote } from '../ui/problem_note';
import { ScopeFilter } from './scope_filter';

interface Entry {
  href: string;
  text: string;
  enterpriseToo: boolean;
}

const entries: Entry[] = [
  { href: '/', text: 'Home', enterpriseToo: true },
  { href: '/databases', text: 'Databases', enterpriseToo: false },
  { href: '/tokens', text: 'Tokens', enterpriseToo: true },
  { href: '/roles', text: 'Roles', enterpriseToo: true },
  { href: '/users', text: 'Users', enterpriseToo: true },
  { href: '/access-map', text: 'Access map', enterpriseToo: false },
  { href: '/explain', text: 'Explain', enterpriseToo: false },
  { href: '/audit', text: 'Audit', enterpriseToo: true },
  { href: '/settings', text: 'Settings', enterpriseToo: true },
];

function current(place: Place, href: string): 'page' | 'true' | undefined {
  if (place.path === href) return 'page';
  return href !== '/' && place.path.startsWith(`${href}/`) ? 'true' : undefined;
}

/** What surrounds every page of somebody signed in. */
export function Shell({ place, children }: { place: Place; children: ComponentChildren }) {
  const { scope } = useSession();
  const [open, setOpen] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => setOpen(false), [place.path]);
  useKeys({
    '?': () => setHelp(true),
    'g h': () => go('/'),
    'g t': () => go('/tokens'),
    'g r': () => go('/roles'),
    'g d': () => go('/databases'),
    'g a': () => go('/audit'),
  });
  const shown = entries.filter((entry) => entry.enterpriseToo || scope?.kind !== 'enterprise');
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // an address of its own would count as leaving the page
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <header class="top">
        <Link href="/" class="brand">
          Latchkey
        </Link>
        <button
          type="button"
          class="button quiet menu-button"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
        <div class="top-right">
          <ScopeFilter hideLabel />
          <Button kind="quiet" onClick={() => setHelp(true)} label="Keys">
            ?
          </Button>
          <Who />
        </div>
      </header>
      <nav id="pages" aria-label="Pages" class={open ? 'open' : ''}>
        <ul>
          {shown.map((entry) => (
            <li key={entry.href}>
              <Link href={entry.href} aria-current={current(place, entry.href)}>
                {entry.text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {help && <KeyHelp onClose={() => setHelp(false)} />}
    </div>
  );
}

function Who() {
  const { signedIn, signOut } = useSession();
  const deed = useDeed();
  return (
    <div class="who">
      <Link href="/account">{signedIn.person.email}</Link>
      <Button kind="quiet" busy={deed.busy} onClick={() => leave(() => void deed.run(signOut))}>
        Sign out
      </Button>
      {deed.problem && (
        <Dialog title="You are still signed in" onCancel={deed.clear}>
          <ProblemNote problem={deed.problem} />
          <div class="actions">
            <Button onClick={deed.clear}>Cancel</Button>
            <Button kind="primary" onClick={() => void deed.run(signOut)}>
              Sign out
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
