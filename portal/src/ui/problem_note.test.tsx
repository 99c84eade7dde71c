import { render } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { Problem } from '../api/problem';
import { Form } from './form';

test('why a form was refused is brought into view, each time', () => {
  const seen = vi.spyOn(Element.prototype, 'scrollIntoView');
  const form = (problem?: Problem) => (
    <Form problem={problem} onSubmit={() => undefined}>
      <button type="submit">Save</button>
    </Form>
  );
  const page = render(form());
  expect(seen).not.toHaveBeenCalled();
  page.rerender(form(new Problem(400, 350400, 'no', 'a')));
  expect(seen).toHaveBeenCalledOnce();
  expect(seen.mock.contexts[0]).toBe(page.getByRole('alert'));
  page.rerender(form(new Problem(400, 350400, 'still no', 'b')));
  expect(seen).toHaveBeenCalledTimes(2);
});
