import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `npm run build -- --outDir DIR`, or HEARTH_PAGE_OUT, says where the built page goes.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: process.env.HEARTH_PAGE_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
