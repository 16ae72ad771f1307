// What the first look at the page costs: everything that index.html names and what that imports at
// once, as brotli, without the font, which comes later. Guide, channels and gift cards come when
// somebody goes there; all of it together has a bound too.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const dist = join(process.env.HEARTH_PAGE, 'dist');
const most = 90 * 1024;
/** With the pages that come when somebody goes there. */
const mostOfAll = 140 * 1024;

const bytesOf = (names) =>
  names.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(dist, name))).length, 0);

/** index.html, what it names, and what that imports at once. */
function firstLoad() {
  const wanted = new Set(['index.html']);
  for (const name of wanted) {
    const text = readFileSync(join(dist, name), 'utf8');
    const named = name.endsWith('.html')
      ? text.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)
      : text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g);
    for (const [, found] of named) {
      wanted.add(name.endsWith('.html') ? found : join('assets', found));
    }
  }
  return [...wanted].filter((name) => /\.(html|js|css)$/.test(name));
}

test('the first load is at most 90 KB, everything at most 140', () => {
  const first = firstLoad();
  assert.ok(
    first.some((name) => name.endsWith('.js')) && first.some((name) => name.endsWith('.css')),
  );
  const bytes = bytesOf(first);
  console.log(`first load: ${bytes} bytes of brotli`);
  assert.ok(bytes <= most, `${bytes} bytes, at most ${most}`);
  const all = readdirSync(join(dist, 'assets')).filter((name) => !name.endsWith('.woff2'));
  assert.ok(all.length > first.length, 'guide and editor are not part of it');
  const whole = bytesOf(['index.html', ...all.map((name) => join('assets', name))]);
  console.log(`everything: ${whole} bytes of brotli`);
  assert.ok(whole <= mostOfAll, `${whole} bytes, at most ${mostOfAll}`);
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
