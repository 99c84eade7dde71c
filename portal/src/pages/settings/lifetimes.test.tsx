import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { actionsOf } from '../../model/actions';
import { signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import LifetimesSection from './lifetimes_section';

const kept = {
  defaultLifetimeSeconds: null,
  maximumLifetimeSeconds: null,
  inheritExpiry: false,
  ceiling: true,
};
const every = actionsOf('organization').map((action) => action.name);

test('a lower maximum says first what it ends, and is written with what the preview gave', async () => {
  const stub = stubApi({
    ...signedIn(every),
    'GET /v2/organizations/settings': kept,
    'POST /v2/organizations/settings/preview': { endingNow: 2, endingWithin7Days: 5, preview: 'p' },
    'PUT /v2/organizations/settings': kept,
  });
  renderSignedIn(<LifetimesSection />);
  fireEvent.input(await screen.findByLabelText('Maximum lifetime'), { target: { value: '30' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save settings' }));
  await screen.findByText('2 tokens end at once');
  expect(stub.bodies['PUT /v2/organizations/settings']).toBeUndefined();
  fireEvent.click(screen.getByRole('button', { name: 'Lower Maximum' }));
  await waitFor(() =>
    expect(stub.bodies['PUT /v2/organizations/settings']).toEqual({
      ...kept,
      maximumLifetimeSeconds: 30 * 86_400,
      preview: 'p',
    }),
  );
});

test('who lacks one permission on the organization is told which', async () => {
  const stub = stubApi({
    ...signedIn(every.filter((name) => name !== 'org-billing-read')),
    'GET /v2/organizations/settings': kept,
  });
  renderSignedIn(<LifetimesSection />);
  fireEvent.click(await screen.findByRole('button', { name: 'Save settings' }));
  expect(screen.getByRole('tooltip').textContent).toContain('org-billing-read');
  expect(stub.calls.some((call) => call.startsWith('PUT'))).toBe(false);
});
