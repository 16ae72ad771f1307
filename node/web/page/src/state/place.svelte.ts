// Where one is in the page, as the address bar says it.
import { hrefOf, routeOf, type PageName, type Route } from '../lib/route';

class Place {
  route = $state.raw<Route>(routeOf(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.route = routeOf(location.hash);
      window.scrollTo(0, 0);
    });
  }
}

export const place = new Place();

export function go(page: PageName, ...rest: string[]): void {
  location.hash = hrefOf(page, ...rest);
}
