// Where one is: `#/gifts/71aa`. The part before the `?` of what others give (a pairing secret,
// `#pair=…`) is read once and taken out of the address bar.

export const pages = [
  'home',
  'guide',
  'channel',
  'shared',
  'gifts',
  'send',
  'cards',
  'homes',
  'library',
  'market',
  'wallet',
  'transfers',
  'settings',
] as const;
export type PageName = (typeof pages)[number];

export interface Route {
  page: PageName;
  /** What follows the page's name, decoded. */
  rest: string[];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export function routeOf(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
  const page = pages.find((name) => name === parts[0]);
  return page ? { page, rest: parts.slice(1) } : { page: 'home', rest: [] };
}

export function hrefOf(page: PageName, ...rest: string[]): string {
  return ['#', page, ...rest.map(encodeURIComponent)].join('/');
}

/** The secret of `#pair=SECRET`, as the TV's QR code carries it. */
export function pairingSecret(hash: string): string | undefined {
  const found = /^#pair=([A-Za-z0-9_-]{8,128})$/.exec(hash);
  return found?.[1];
}
