import { render } from 'preact';
import { App } from './app';

const root = document.getElementById('portal');
if (root) render(<App />, root);
