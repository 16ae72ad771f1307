// What a stranger seals into a mailbox: the payload of each document that a drop may hold, behind a
// signature that holds and in an age file that opens; and the sealed bytes themselves. The first
// byte picks which. Whatever is let through keeps the promises of docs/protocol.md §7.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "common/wire/gift_documents.h"

namespace {

using namespace hearth;

const identity::HomeKeys& sender() {
  static const identity::HomeKeys keys{crypto::Seed(std::array<std::uint8_t, 32>{1})};
  return keys;
}
const identity::HomeKeys& receiver() {
  static const identity::HomeKeys keys{crypto::Seed(std::array<std::uint8_t, 32>{2})};
  return keys;
}

Bytes sealed(const char* typ, ByteView payload) {
  const std::string header = R"({"alg":"EdDSA","kid":")" +
                             to_base64url(sender().identity().public_key()) + R"(","typ":")" + typ +
                             "\"}";
  std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(payload);
  const auto signature = sender().identity().sign(as_bytes(text));
  text += "." + to_base64url(signature);
  return crypto::age::seal_file(as_bytes(text), {receiver().encryption().public_key()});
}

/// What is let through can be sent on, and says the same.
void check_share(const wire::ChannelShare& share) {
  HEARTH_ASSERT(share.part >= 1 && share.part <= share.parts);
  HEARTH_ASSERT(share.parts <= wire::max_share_parts && share.text.size() <= wire::max_share_part);
  HEARTH_ASSERT((share.state == wire::ChannelShare::State::offered) != share.text.empty());
  const auto again =
      wire::seal_channel_share(share, sender().identity(), receiver().encryption().public_key());
  HEARTH_ASSERT(again.has_value());
  const auto same = wire::open_drop(*again, receiver().encryption(), receiver().address());
  HEARTH_ASSERT(same && same->share && same->share->text == share.text);
}

void open(ByteView drop) {
  const auto opened = wire::open_drop(drop, receiver().encryption(), receiver().address());
  if (!opened) return;
  const int kinds = opened->gift.has_value() + opened->answer.has_value() +
                    opened->hello.has_value() + opened->wish.has_value() +
                    opened->share.has_value() + opened->word.has_value();
  HEARTH_ASSERT(kinds == 1);
  if (opened->share) check_share(*opened->share);
  if (opened->word) {
    const wire::ChannelWord& word = *opened->word;
    const bool asks = word.state == wire::ChannelWord::State::wanted;
    HEARTH_ASSERT(asks != word.channel.empty());
    HEARTH_ASSERT(word.channel.size() <= wire::max_wanted_channel);
  }
  if (!opened->gift) return;
  const wire::Gift& gift = *opened->gift;
  HEARTH_ASSERT(gift.to == receiver().address());
  HEARTH_ASSERT(gift.note.size() <= 2000 && gift.note.find('\x1b') == std::string::npos);
  HEARTH_ASSERT(gift.voucher.has_value() != gift.file_key.has_value());
  HEARTH_ASSERT(gift.picture.size() <= wire::max_gift_picture);
  HEARTH_ASSERT(!gift.parcel || gift.parcel->parts <= wire::max_parcel_parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView payload(data + 1, size - 1);
  constexpr const char* types[] = {"hearth/gift/1",          "hearth/gift-answer/1",
                                   "hearth/hello/1",         "hearth/wish/1",
                                   "hearth/channel-share/1", "hearth/channel-word/1"};
  // 4 has been the sealed bytes since the first corpus.
  const std::size_t kind = data[0] % 7;
  if (kind == 4) {
    open(payload);
  } else if (payload.size() < wire::max_drop / 2) {
    open(sealed(types[kind < 4 ? kind : kind - 1], payload));
  }
  return 0;
}
