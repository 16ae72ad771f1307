#include "ledger/catalogue/torrent_file.h"

#include <algorithm>

#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "ledger/catalogue/bencode.h"

namespace hearth::ledger {
namespace {

using bencode::Value;

tl::unexpected<Error> refuse(std::string_view what) {
  return fail(Code::bad_torrent,
              "The ledger does not take this torrent file: " + std::string(what) +
                  ". Nothing was stored; publish the file again.");
}

bool name_is_blank(std::string_view name) {
  constexpr std::string_view prefix = "hearth-";
  return name.size() == prefix.size() + 16 && name.starts_with(prefix) &&
         name.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

/// The v2 half of the info dictionary: { name: { "": { "length", "pieces root" } } }.
Result<ByteView> pieces_root(const Value& info, std::string_view name, std::uint64_t size) {
  if (info.integer_at("meta version") != 2) return refuse("it has no version 2 part");
  const Value* tree = info.dictionary_at("file tree");
  if (tree == nullptr || tree->members.size() != 1 || tree->members[0].key != name) {
    return refuse("its file tree is not exactly the one file");
  }
  const Value* leaf = tree->members[0].value.dictionary_at("");
  if (leaf == nullptr || tree->members[0].value.members.size() != 1) {
    return refuse("its file tree is not exactly the one file");
  }
  const auto length = leaf->integer_at("length");
  const auto root = leaf->text_at("pieces root");
  if (!length || static_cast<std::uint64_t>(*length) != size) {
    return refuse("its two parts disagree about the size");
  }
  if (!root || root->size() != 32) return refuse("its version 2 part has no pieces root");
  return *root;
}

Result<void> check_piece_layers(const Value& torrent, ByteView root, std::uint64_t pieces) {
  if (pieces < 2) return {};
  const Value* layers = torrent.dictionary_at("piece layers");
  const auto layer = layers == nullptr ? std::nullopt : layers->text_at(as_text(root));
  if (!layer || layer->size() != pieces * 32) return refuse("its piece layers are not complete");
  return {};
}

}  // namespace

std::uint64_t piece_length_for(std::uint64_t size) {
  std::uint64_t length = least_piece_length;
  while ((size + length - 1) / length > max_pieces) length *= 2;
  return length;
}

Result<TorrentFile> read_torrent_file(ByteView file) {
  if (file.size() > max_torrent_file) {
    return fail(Code::too_large, "The torrent file is larger than 4 MiB. Nothing was stored.");
  }
  const auto torrent = bencode::read(file);
  if (!torrent) return pass_on(torrent.error());
  const Value* info = torrent->dictionary_at("info");
  if (info == nullptr) return refuse("it has no info dictionary");

  const auto name = info->text_at("name");
  const auto length = info->integer_at("length");
  const auto piece_length = info->integer_at("piece length");
  const auto pieces = info->text_at("pieces");
  if (!name || !length || !piece_length || !pieces || info->find("files") != nullptr) {
    return refuse("its version 1 part is not one file");
  }
  if (!name_is_blank(as_text(*name))) return refuse("its name is not hearth- and 16 hex digits");
  // The largest title that a manifest can name; at least a nonce and one empty chunk.
  const auto largest = crypto::age::payload_size(std::uint64_t{1} << 42);
  if (*length < 32 || static_cast<std::uint64_t>(*length) > largest) {
    return refuse("its size is not that of an encrypted title");
  }
  const auto size = static_cast<std::uint64_t>(*length);
  const std::uint64_t wanted = piece_length_for(size);
  if (static_cast<std::uint64_t>(*piece_length) != wanted) {
    return refuse("its piece length should be " + std::to_string(wanted));
  }
  const std::uint64_t count = (size + wanted - 1) / wanted;
  if (pieces->size() != count * 20) return refuse("it has not one hash for each piece");
  const auto root = pieces_root(*info, as_text(*name), size);
  if (!root) return pass_on(root.error());
  if (auto layers = check_piece_layers(*torrent, *root, count); !layers) {
    return pass_on(std::move(layers.error()));
  }

  TorrentFile out;
  const Bytes sha1 = crypto::Hasher(crypto::Hasher::Kind::sha1).update(info->raw).finish();
  std::copy_n(sha1.begin(), out.info_hash.size(), out.info_hash.begin());
  out.title = crypto::sha256(info->raw);
  out.size = size;
  out.piece_length = static_cast<std::uint32_t>(wanted);
  out.is_private = info->integer_at("private") == 1;
  return out;
}

}  // namespace hearth::ledger
