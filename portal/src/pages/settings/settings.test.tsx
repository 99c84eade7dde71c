import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { acme, group, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import OrganizationsSection from './organizations_section';
import { chosenSection, sectionsFor } from './sections';

test('organizations are a section of the enterprise alone', () => {
  const keys = (kind: 'organization' | 'enterprise') => sectionsFor(kind).map((section) => section.key);
  expect(keys('organization')).not.toContain('organizations');
  expect(keys('enterprise')).toContain('organizations');
});

test('an address that the scope has not shows the first section; one that is a page of its own, too', () => {
  expect(chosenSection('organization', 'organizations')?.key).toBe('tokens');
  expect(chosenSection('enterprise', 'organizations')?.key).toBe('organizations');
  expect(chosenSection('organization', 'roles')?.key).toBe('tokens');
  expect(chosenSection('organization', undefined)?.key).toBe('tokens');
});

const foreign = '55555555-5555-4555-8555-555555555555';
const member = (id: string, name: string) => ({
  id,
  name,
  enterpriseId: group.scope,
  createdAt: '2026-01-01T00:00:00Z',
});

test('the name of an organization opens its Settings, and says what it takes where one is no member', async () => {
  history.replaceState(null, '', '/settings/organizations');
  localStorage.setItem('latchkey.scope', group.scope); // by itself a page begins in an organization
  stubApi({
    ...signedIn([], [group, acme]),
    [`GET /v2/enterprises/${group.scope}/organizations`]: [
      member(acme.scope, 'Acme'),
      member(foreign, 'Umbrella'),
    ],
  });
  renderSignedIn(<OrganizationsSection />);
  const name = await screen.findByRole('button', { name: 'Acme' });
  expect(screen.queryByRole('button', { name: 'Umbrella' })).toBeNull();
  expect(screen.getByText(/You are no member of it/)).toBeTruthy();
  fireEvent.click(name);
  expect(location.pathname).toBe('/settings/tokens');
  await waitFor(() => expect(localStorage.getItem('latchkey.scope')).toBe(acme.scope));
});
