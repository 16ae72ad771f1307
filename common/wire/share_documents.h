// What two homes say to each other about a channel that one of them shows the other
// (docs/protocol.md §7.8, §7.9): drops like gifts, opened by open_drop() of gift_documents.h. The
// channel itself is a channel file (§18), in parts that fit into drops.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/wire/documents.h"

namespace hearth::wire {

inline constexpr std::size_t max_share_part = 160 * 1024;  ///< characters of the channel file
inline constexpr std::uint32_t max_share_parts = 32;
inline constexpr std::size_t max_wanted_channel = 60 * 4;

/// §7.8, typ "hearth/channel-share/1": from the home whose channel it is.
struct ChannelShare {
  /// Append only.
  enum class State { offered, ended, refused };
  GiftId id{};  ///< of the share; refused: of the wish that is not granted
  identity::HomeAddress to;
  State state = State::offered;
  UtcMs revision = 0;  ///< the later one is what holds
  std::string name;    ///< of the channel, checked_name; offered only
  std::string note;    ///< checked_note
  std::uint32_t part = 1, parts = 1;
  std::string text;              ///< of the channel file, parts 1 to `parts` together
  std::optional<GiftId> wish{};  ///< that it grants; offered only
  UtcMs sent_ms = 0;
};
Result<Bytes> seal_channel_share(const ChannelShare&, const crypto::SignKey& from,
                                 const crypto::BoxPublicKey& to_encryption);

/// §7.9, typ "hearth/channel-word/1": from the home that is to see it.
struct ChannelWord {
  /// Append only.
  enum class State { wanted, accepted, declined, left };
  GiftId id{};  ///< of the share; wanted: of this wish
  identity::HomeAddress to;
  State state = State::wanted;
  std::string channel;  ///< wanted only: which one, as its home calls it; checked_name
  std::string note;     ///< checked_note
  UtcMs at_ms = 0;
};
Result<Bytes> seal_channel_word(const ChannelWord&, const crypto::SignKey& from,
                                const crypto::BoxPublicKey& to_encryption);

}  // namespace hearth::wire
