import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { pairingSecret } from './lib/route';
import type { Line } from './lib/events';
import { Home } from './state/home.svelte';

// The secret is used once, and stands neither in the address bar nor in the history.
const secret = pairingSecret(location.hash);
if (secret !== undefined) history.replaceState(null, '', location.pathname);

function openLine(): Line {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(`${scheme}//${location.host}/api/events`) as unknown as Line;
}

const home = new Home((path, init) => fetch(path, init), openLine);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') home.hurry();
});
window.addEventListener('online', () => home.hurry());

const target = document.getElementById('page');
if (target) mount(App, { target, props: { home, secret } });
