import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

const browser = Object.fromEntries(
  [
    'window document navigator location history localStorage sessionStorage fetch WebSocket',
    'URL Blob File FileReader Image structuredClone PointerEvent HTMLElement HTMLInputElement HTMLHeadingElement HTMLDialogElement KeyboardEvent',
    'setTimeout clearTimeout setInterval clearInterval queueMicrotask crypto matchMedia console',
    'createImageBitmap HTMLCanvasElement Event MouseEvent SubmitEvent print requestAnimationFrame',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, 'readonly']),
);
const node = {
  process: 'readonly',
  structuredClone: 'readonly',
  Buffer: 'readonly',
  console: 'readonly',
  URL: 'readonly',
};

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['src/**'],
    languageOptions: { globals: browser },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text of other homes is text.' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['mock/**', 'tests/**', '*.ts', '*.js'],
    languageOptions: { globals: { ...browser, ...node } },
  },
);
