// How titles and items are stored: fixed binary records, first byte the format version. Pure.
// Keys: "item/<id>", "title/<title id hex>", "title-torrent/<title id hex>".
#pragma once

#include "node/library/titles.h"

namespace hearth::node {

/// A Title and what only this room needs to know of it.
struct TitleRecord {
  Title title;
  bool is_private = false;
  bool forgotten = false;   ///< the ciphertext was deleted on purpose
  std::string source_path;  ///< published: of the file, with its stamp at that time
  std::uint64_t source_size = 0;
  std::int64_t source_modified_ms = 0;
  bool first_piece = false;  ///< not stored
};

inline constexpr std::string_view item_prefix = "item/";
inline constexpr std::string_view title_prefix = "title/";

Bytes item_key(const std::string& id);
Bytes title_key(const wire::TitleId& id);
Bytes title_torrent_key(const wire::TitleId& id);

Bytes write_item(const Item& item);
/// Code::corrupt.
Result<Item> read_item(ByteView record);
Bytes write_title(const TitleRecord& title);
Result<TitleRecord> read_title(ByteView record);

}  // namespace hearth::node
