// What this phone remembers of how its person likes the page: language and light.
import { chooseLanguage, setLanguage, type Language } from '../lib/i18n';

export type Theme = 'auto' | 'dark' | 'light';

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that remembers nothing: it lasts until the page is closed.
  }
}

class Looks {
  language = $state<Language>(chooseLanguage([stored('language'), ...navigator.languages]));
  theme = $state<Theme>('auto');

  constructor() {
    const theme = stored('theme');
    if (theme === 'dark' || theme === 'light') this.theme = theme;
    this.apply();
  }

  setLanguage(to: Language): void {
    this.language = to;
    store('language', to);
    this.apply();
  }

  setTheme(to: Theme): void {
    this.theme = to;
    store('theme', to);
    this.apply();
  }

  private apply(): void {
    setLanguage(this.language);
    document.documentElement.lang = this.language;
    document.documentElement.dataset.theme = this.theme;
  }
}

export const looks = new Looks();
