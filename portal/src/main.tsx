import { render } from 'preact';
import { App } from './app';
import { wearTheme } from './model/theme';
import { holdSecret } from './router/take_secret';

holdSecret();
wearTheme();

const root = document.getElementById('portal');
if (root) render(<App />, root);
