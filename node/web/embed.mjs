// Makes OUT/page_files.cpp of a built page: every file as it is, with br and gzip where they are
// smaller, and its SHA-256 as entity tag. node embed.mjs DIST OUT
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));
const packed = join(out, 'packed');
rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });

const paths = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();

let blobs = '';
let declared = '';
const rows = [];
function embed(name, bytes) {
  const file = join(packed, name);
  writeFileSync(file, bytes);
  blobs += `asm(".section .rodata\\n.balign 16\\n.global ${name}\\n${name}:\\n.incbin \\"${file}\\"\\n"\n`;
  blobs += `    ".global ${name}_end\\n${name}_end:\\n.byte 0\\n.previous\\n");\n`;
  declared += `extern const std::uint8_t ${name}[], ${name}_end[];\n`;
  return `bytes(${name}, ${name}_end)`;
}

paths.forEach((file, index) => {
  const path = '/' + relative(dist, file);
  if (!/^[\x21-\x7e]+$/.test(path) || /["\\]/.test(path)) throw new Error(`a strange name: ${path}`);
  const raw = readFileSync(file);
  const tag = createHash('sha256').update(raw).digest('hex');
  const gzip = gzipSync(raw, { level: 9 });
  const br = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  const name = `hearth_page_${index}`;
  const forms = [embed(`${name}_raw`, raw)];
  for (const [form, packedBytes] of [['gzip', gzip], ['br', br]]) {
    forms.push(packedBytes.length < raw.length * 0.95 ? embed(`${name}_${form}`, packedBytes) : '{}');
  }
  rows.push(`      {"${path}", page_media_type("${path}"), "\\"${tag}\\"", ${forms.join(', ')}},`);
});
if (!rows.some((row) => row.includes('"/index.html"'))) throw new Error(`no index.html in ${dist}`);

writeFileSync(
  join(out, 'page_files.cpp'),
  `// Made by node/web/embed.mjs.
#include "node/web/assets.h"

${blobs}
extern "C" {
${declared}}

namespace hearth::node {
namespace {

ByteView bytes(const std::uint8_t* begin, const std::uint8_t* end) {
  return {begin, end};
}

}  // namespace

const std::vector<PageFile>& page_files() {
  static const std::vector<PageFile> files = {
${rows.join('\n')}
  };
  return files;
}

}  // namespace hearth::node
`,
);
