import type { ComponentType } from 'preact';
import type { Scope } from '../../api/client';

export interface SectionProps {
  query: URLSearchParams;
}

interface Entry {
  /** The last part of the address: /settings/KEY. */
  key: string;
  title: string;
  /** With which choice of the filter the section is there. */
  scopes: Scope['kind'][];
}

/** A section that the Settings show themselves, or one that is a page of its own. */
export type Section = Entry &
  ({ load: () => Promise<{ default: ComponentType<SectionProps> }> } | { href: string });

const both: Scope['kind'][] = ['organization', 'enterprise'];

/** Every section once, in the order in which they are offered. A section begins with an h2. */
export const sections: Section[] = [
  { key: 'tokens', title: 'Tokens', scopes: both, load: () => import('./tokens_section') },
  { key: 'roles', title: 'Roles', scopes: both, href: '/roles' },
  { key: 'users', title: 'Users', scopes: both, href: '/users' },
  {
    key: 'organizations',
    title: 'Organizations',
    scopes: ['enterprise'],
    load: () => import('./organizations_section'),
  },
  {
    key: 'organization',
    title: 'Organization',
    scopes: ['organization'],
    load: () => import('./organization_section'),
  },
  {
    key: 'enterprise',
    title: 'Enterprise',
    scopes: ['enterprise'],
    load: () => import('./enterprise_section'),
  },
  {
    key: 'lifetimes',
    title: 'Lifetimes',
    scopes: ['organization'],
    load: () => import('./lifetimes_section'),
  },
  { key: 'access', title: 'Access lists', scopes: ['organization'], load: () => import('./access_section') },
  { key: 'about', title: 'About', scopes: both, load: () => import('./about_section') },
];

export function sectionsFor(kind: Scope['kind']): Section[] {
  return sections.filter((section) => section.scopes.includes(kind));
}

/** The section of an address; another scope may not have it, and then the first one stands in. */
export function chosenSection(kind: Scope['kind'], key: string | undefined): Section | undefined {
  const offered = sectionsFor(kind).filter((section) => 'load' in section);
  return offered.find((section) => section.key === key) ?? offered[0];
}
