import { recall, remember } from '../storage';

/** "" follows the system. */
export type Theme = '' | 'light' | 'dark';

export function theme(): Theme {
  const kept = recall('theme');
  return kept === 'light' || kept === 'dark' ? kept : '';
}

/** What the style sheet goes by (properties.css). */
export function wearTheme(wanted: Theme = theme()): void {
  if (wanted) document.documentElement.dataset['theme'] = wanted;
  else delete document.documentElement.dataset['theme'];
}

export function chooseTheme(wanted: Theme): void {
  remember('theme', wanted);
  wearTheme(wanted);
}
