import { configure } from '@testing-library/preact';

// How long a test is patient with a machine that is busy; nothing passes by waiting.
configure({ asyncUtilTimeout: 15_000 });

// jsdom lays nothing out, so it has no view to scroll.
Element.prototype.scrollIntoView = () => undefined;
