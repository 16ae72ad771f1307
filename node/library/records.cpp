#include "node/library/records.h"

#include "common/base/codec.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t max_path = 8192;
constexpr std::size_t max_short = 1024;

// Append only.
enum Flag : std::uint8_t { has_key = 1, is_private = 2, forgotten = 4 };

Bytes key_of(std::string_view prefix, std::string_view rest) {
  Bytes out = to_bytes(as_bytes(prefix));
  append(out, as_bytes(rest));
  return out;
}

tl::unexpected<Error> damaged(const char* what) {
  return fail(Code::corrupt, std::string("The stored record of ") + what +
                                 " is damaged. The other ones are not touched; restore the data "
                                 "directory from a backup.");
}

}  // namespace

Bytes item_key(const std::string& id) {
  return key_of(item_prefix, id);
}
Bytes title_key(const wire::TitleId& id) {
  return key_of(title_prefix, to_hex(id));
}
Bytes title_torrent_key(const wire::TitleId& id) {
  return key_of("title-torrent/", to_hex(id));
}

Bytes write_item(const Item& item) {
  Writer out;
  out.u8(version).text(item.id).text(item.path.string()).text(item.name).u64(item.size);
  out.i64(item.modified_ms).text(wire::kind_name(item.probe.kind)).text(item.probe.media_type);
  out.i64(item.probe.duration_ms).u32(item.probe.width).u32(item.probe.height);
  out.text(item.probe.codecs).bytes(item.probe.poster);
  return out.take();
}

Result<Item> read_item(ByteView record) {
  hearth::Reader in(record);
  const bool known = in.u8() == version;
  Item out;
  out.id = in.text(max_short);
  out.path = in.text(max_path);
  out.name = in.text(max_short);
  out.size = in.u64();
  out.modified_ms = in.i64();
  const auto kind = wire::kind_from_name(in.text(max_short));
  out.probe.kind = kind.value_or(wire::Kind::data);
  out.probe.media_type = in.text(max_short);
  out.probe.duration_ms = in.i64();
  out.probe.width = in.u32();
  out.probe.height = in.u32();
  out.probe.codecs = in.text(max_short);
  out.probe.poster = to_bytes(in.bytes(48 * 1024));
  if (!known || !kind || !in.done()) return damaged("a file in the library");
  return out;
}

Bytes write_title(const TitleRecord& record) {
  const Title& title = record.title;
  const auto flags =
      static_cast<std::uint8_t>((title.key ? has_key : 0) | (record.is_private ? is_private : 0) |
                                (record.forgotten ? forgotten : 0));
  Writer out;
  out.u8(version).u8(static_cast<std::uint8_t>(title.origin)).u8(flags).i64(title.added_ms);
  out.text(title.manifest_jws).text(title.offer_jws);
  if (title.key) out.raw(title.key->view());
  out.text(record.source_path).u64(record.source_size).i64(record.source_modified_ms);
  return out.take();
}

Result<TitleRecord> read_title(ByteView record) {
  hearth::Reader in(record);
  const bool known = in.u8() == version;
  TitleRecord out;
  const std::uint8_t origin = in.u8();
  const std::uint8_t flags = in.u8();
  out.title.added_ms = in.i64();
  out.title.manifest_jws = in.text(wire::max_jws);
  out.title.offer_jws = in.text(wire::max_jws);
  if ((flags & has_key) != 0) {
    auto bytes = in.fixed<16>();
    out.title.key = crypto::age::FileKey(bytes);
    crypto::wipe(bytes.data(), bytes.size());
  }
  out.source_path = in.text(max_path);
  out.source_size = in.u64();
  out.source_modified_ms = in.i64();
  if (!known || !in.done() || (origin != 1 && origin != 2)) return damaged("a title");
  auto manifest = wire::read_manifest(out.title.manifest_jws);
  if (!manifest) return damaged("a title");
  out.title.manifest = std::move(*manifest);
  out.title.origin = static_cast<TitleOrigin>(origin);
  out.is_private = (flags & is_private) != 0;
  out.forgotten = (flags & forgotten) != 0;
  return out;
}

}  // namespace hearth::node
