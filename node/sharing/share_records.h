// The stored form of shared channels, both ways, and what a letter changes about one. Keys:
// "share/out/<id>", "share/in/<id>", "share/file/<id>" (the newest whole channel file),
// "share/part/<id>/<n>" (of one that is still arriving), "share/wish/<id>", "share/open/<channel>".
// Pure.
#pragma once

#include <optional>
#include <string>

#include "node/sharing/shared_channel.h"
#include "node/wallet/records.h"

namespace hearth::node {

/// Append only: stored, as is OutState.
enum class InState : std::uint8_t {
  arriving = 1,  ///< not all of its parts are here
  waiting = 2,   ///< a person decides
  accepted = 3,
  declined = 4,
  left = 5,   ///< accepted once, and not wanted any more
  ended = 6,  ///< by its home
};
enum class OutState : std::uint8_t {
  offered = 1,
  accepted = 2,
  declined = 3,
  left = 4,
  ended = 5,
};
std::string_view name_of(InState state);
std::string_view name_of(OutState state);
inline bool is_over(InState state) {
  return state > InState::accepted;
}
inline bool is_over(OutState state) {
  return state > OutState::accepted;
}

/// A channel that another home shows to this one.
struct SharedIn {
  std::string id;  ///< hex; also of the channel here
  identity::HomeAddress from;
  InState state = InState::arriving;
  UtcMs revision = 0;  ///< of the file that is here; 0: none yet
  UtcMs applied = 0;   ///< of the one that is on the air here
  UtcMs arriving = 0;  ///< of the parts that are here
  std::string name, note;
  std::string wish;  ///< hex: this home's own, which it grants
  bool quiet = false;
  std::uint32_t items = 0;
  Taken taken{};
  std::int32_t number = 0;  ///< chosen with accept; later the channel has it
  channels::Budget budget{};
  UtcMs at_ms = 0;  ///< of the last change of its state
};

/// A channel of this home that another one sees.
struct SharedOut {
  std::string id;       ///< hex
  std::string channel;  ///< id here
  identity::HomeAddress to;
  OutState state = OutState::offered;
  UtcMs revision = 0;           ///< of the last letter
  crypto::Sha256Digest sent{};  ///< of the document in it
  std::string note, wish;
  std::string reason;   ///< declined; or why the last letter could not be sent
  std::string problem;  ///< why what is new is not sent
  UtcMs at_ms = 0;
};

/// "Let us see that channel."
struct ShareWish {
  std::string id;  ///< hex
  bool outgoing = false;
  identity::HomeAddress home;
  std::string channel, note;
  UtcMs at_ms = 0;
};

Bytes encode(const SharedIn& record);
Result<SharedIn> decode_shared_in(ByteView bytes);
Bytes encode(const SharedOut& record);
Result<SharedOut> decode_shared_out(ByteView bytes);
Bytes encode(const ShareWish& record);
Result<ShareWish> decode_share_wish(ByteView bytes);
inline constexpr std::string_view shared_in_prefix = "share/in/", shared_out_prefix = "share/out/",
                                  share_wish_prefix = "share/wish/";
std::string shared_in_key(const std::string& id);
std::string shared_out_key(const std::string& id);
std::string shared_file_key(const std::string& id);
inline std::string key_of(const SharedIn& record) {
  return shared_in_key(record.id);
}
inline std::string key_of(const SharedOut& record) {
  return shared_out_key(record.id);
}
inline std::string key_of(const ShareWish& wish) {
  return std::string(share_wish_prefix) + wish.id;
}
std::string part_key(const std::string& id, std::uint32_t part);

void erase_share_parts(store::Batch& batch, const std::string& id);
/// Its file too.
void erase_shared(store::Batch& batch, const std::string& id);

/// What becomes of a letter about a share that is known here.
enum class LetterStep {
  ignore,     ///< of another home, older than what is here, repeated, or after its end
  take_part,  ///< of the revision that is arriving
  begin,      ///< of a newer one: parts of before are dropped
  end,
};
LetterStep step_of(const SharedIn& known, const identity::HomeAddress& from,
                   const wire::ChannelShare& letter);
/// What a word of the other home makes of a share; nullopt: nothing.
std::optional<OutState> next_state(OutState now, wire::ChannelWord::State said);

}  // namespace hearth::node
