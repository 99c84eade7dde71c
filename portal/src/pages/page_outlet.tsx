import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { match } from '../router/place';
import type { Place } from '../router/place';
import { Page } from '../ui/page';
import { Link } from '../router/link';
import { pages } from './pages';
import type { PageProps } from './page_props';
import type { PageEntry } from './pages';

interface Found {
  entry: PageEntry;
  params: Record<string, string>;
}

/** Literal paths stand before those with placeholders where both fit. */
export function findPage(path: string): Found | null {
  const fitting = pages.flatMap((entry) => {
    const params = match(entry.path, path);
    return params ? [{ entry, params }] : [];
  });
  return fitting.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0] ?? null;
}

const loaded = new Map<PageEntry, ComponentType<PageProps>>();

/** The page of a place, begun anew for another scope; its code is fetched when it is first gone to. */
export function PageOutlet({ place, scope = '' }: { place: Place; scope?: string | undefined }) {
  const found = findPage(place.path);
  const [, setRound] = useState(0);
  const [failed, setFailed] = useState(false);
  const entry = found?.entry;

  useEffect(() => {
    if (!entry || loaded.has(entry)) return;
    setFailed(false);
    entry.load().then(
      (module) => {
        loaded.set(entry, module.default);
        setRound((n) => n + 1);
      },
      () => setFailed(true),
    );
  }, [entry]);

  if (!found || !entry) return <NoSuchPage />;
  const Content = loaded.get(entry);
  const key = entry.overScopes ? place.path : `${scope}${place.path}`;
  if (Content) return <Content key={key} params={found.params} query={place.query} />;
  if (failed)
    return (
      <p class="note problem" role="alert">
        This page could not be loaded; Latchkey may have been updated. <a href={place.path}>Load it again</a>
      </p>
    );
  return <p class="waiting">Loading …</p>;
}

function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped, or what it showed is gone. <Link href="/">Home</Link>
      </p>
    </Page>
  );
}
