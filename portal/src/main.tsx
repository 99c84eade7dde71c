import { render } from 'preact';
import { App } from './app';
import { wearTheme } from './model/theme';

wearTheme();

const root = document.getElementById('portal');
if (root) render(<App />, root);
