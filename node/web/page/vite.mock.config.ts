import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { mockHome } from './mock/server.js';

// `npm run dev`: the page with a home that is made up (mock/).
export default defineConfig({
  plugins: [
    svelte(),
    {
      name: 'mock-home',
      configureServer(server) {
        const home = mockHome();
        server.middlewares.use(home.middleware);
        server.httpServer?.on('upgrade', home.upgrade);
      },
    },
  ],
});
