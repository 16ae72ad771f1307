import { cleanup } from '@testing-library/svelte';
import { configure } from '@testing-library/dom';
import { afterEach, beforeEach } from 'vitest';
import { setLanguage } from '../src/lib/i18n';

configure({ asyncUtilTimeout: 10_000, getElementError: (message) => new Error(message ?? '') });
beforeEach(() => setLanguage('en'));
afterEach(() => cleanup());
