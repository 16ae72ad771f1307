// What the first look at the page costs: everything that index.html names, as brotli, without the
// font, which comes later.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const dist = join(process.env.HEARTH_PAGE, 'dist');
const most = 90 * 1024;

test('the first load is at most 90 KB', () => {
  const assets = readdirSync(join(dist, 'assets')).filter((name) => !name.endsWith('.woff2'));
  const files = ['index.html', ...assets.map((name) => join('assets', name))];
  assert.ok(
    files.some((name) => name.endsWith('.js')) && files.some((name) => name.endsWith('.css')),
  );
  const bytes = files.reduce(
    (sum, name) => sum + brotliCompressSync(readFileSync(join(dist, name))).length,
    0,
  );
  console.log(`first load: ${bytes} bytes of brotli`);
  assert.ok(bytes <= most, `${bytes} bytes, at most ${most}`);
});

test('nothing in it comes from elsewhere, and nothing is written into the page’s markup', () => {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  assert.doesNotMatch(index, /<script(?![^>]*\bsrc="\/)|<style|\sstyle=|\son\w+=|https?:\/\//);
  for (const name of readdirSync(join(dist, 'assets')).filter((one) => /\.(js|css)$/.test(one))) {
    const text = readFileSync(join(dist, 'assets', name), 'utf8');
    assert.doesNotMatch(text, /data:(?:image|font|text)|\beval\(|new Function\(/, name);
    const elsewhere = (text.match(/https?:\/\/[\w.-]+/g) ?? []).filter(
      (one) => !['http://www.w3.org', 'https://svelte.dev'].includes(one),
    );
    assert.deepEqual(elsewhere, [], name);
  }
});
