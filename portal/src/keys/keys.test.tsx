import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { useKeys } from './keys';

afterEach(cleanup);

function Page(does: Record<string, () => void>) {
  useKeys(does);
  return (
    <>
      <button type="button">Press</button>
      <input aria-label="Search" />
    </>
  );
}

const key = (target: Element, name: string) => fireEvent.keyDown(target, { key: name });

test('the second key of a pair is heard however fast it comes, and not as itself', () => {
  const pair = vi.fn();
  const alone = vi.fn();
  render(<Page {...{ 'g r': pair, r: alone }} />);
  key(document.body, 'g');
  key(document.body, 'r');
  expect([pair.mock.calls.length, alone.mock.calls.length]).toEqual([1, 0]);
  key(document.body, 'r');
  expect([pair.mock.calls.length, alone.mock.calls.length]).toEqual([1, 1]);
});

test('none while typing', () => {
  const search = vi.fn();
  render(<Page {...{ '/': search, r: search }} />);
  key(screen.getByLabelText('Search'), '/');
  key(screen.getByLabelText('Search'), 'g');
  key(document.body, 'r');
  expect(search).toHaveBeenCalledTimes(1); // the r outside, which no g went before
});

test('Enter on a button is the button’s', () => {
  const open = vi.fn();
  render(<Page Enter={open} />);
  expect(key(screen.getByRole('button'), 'Enter')).toBe(true);
  expect(key(document.body, 'Enter')).toBe(false);
  expect(open).toHaveBeenCalledTimes(1);
});
