import { expect, test } from 'vitest';
import { findPage } from './page_outlet';

test('a literal path stands before a placeholder', () => {
  expect(findPage('/tokens/new')?.entry.path).toBe('/tokens/new');
  expect(findPage('/tokens/QwErTy')?.params).toEqual({ clientId: 'QwErTy' });
});

test('what no page shows is no page', () => {
  expect(findPage('/nowhere')).toBeNull();
});
