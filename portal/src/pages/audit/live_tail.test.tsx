import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { filtersOf } from '../../audit/search';
import { refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { LiveTail } from './live_tail';

test('a question that is refused is not asked again and again', async () => {
  stubApi({ ...signedIn([]), 'GET /v2/audit': () => refusal(400, 'from must be before to') });
  renderSignedIn(
    <LiveTail by={filtersOf(new URLSearchParams())} people={new Map()} recordHref={() => '/audit'} />,
  );
  await screen.findByText('from must be before to');
  expect(await screen.findByRole('button', { name: 'Go on' })).toBeTruthy();
});
