import { defineConfig } from 'vitest/config';

// The daemon whose API a development server shows: LATCHKEY_URL=http://127.0.0.1:8090 npm run dev
const daemon = process.env['LATCHKEY_URL'] ?? 'http://127.0.0.1:8090';

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    outDir: process.env['PORTAL_DIST'] ?? 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // no data: addresses, for the page's policy allows none
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    // The daemon takes changes only from its own origin.
    proxy: { '/v2': { target: daemon, headers: { Origin: daemon } }, '/docs': daemon },
    fs: { allow: ['..'] },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    setupFiles: ['src/testing/setup.ts'],
    testTimeout: 60_000,
  },
});
