import { expect, test } from 'vitest';
import { controlFault } from './plain_text';

test('what turns or hides a text is named, and every script is fine', () => {
  for (const [text, code] of [
    ['orders\u202ecod.exe', 'U+202E'],
    ['\u200forders', 'U+200F'],
    ['or\u2066ders', 'U+2066'],
    ['a\u0007b', 'U+0007'],
    ['a\nb', 'U+000A'],
    ['a\u2028b', 'U+2028'],
    ['\u0085', 'U+0085'],
  ] as const)
    expect(controlFault(text)).toContain(code);
  for (const text of ['', 'orders – 注文', 'הזמנות', 'طلبات', '👩‍🚀 a\u00a0b', 'ö\u0308'])
    expect(controlFault(text)).toBeUndefined();
});
