// Of §11 what node and player say about channels, and the channel file of §18: the postcard is on
// at noon UTC, on the seller's channel.
#include <doctest/doctest.h>

#include "common/wire/gift_documents.h"
#include "node/channels/civil.h"
#include "node/television/channel_file.h"
#include "tests/unit/common/protocol_examples.h"

namespace hearth::examples {
namespace {

const std::string channel = "evening", pin = "06060000000000000000000000000000";
constexpr std::int64_t length_ms = 60'000;
constexpr UtcMs begins_ms = World::now, ends_ms = World::now + length_ms;

std::string airing() {
  return channel + "-" + std::to_string(begins_ms);
}

link::Air on_air(const wire::Manifest& title) {
  link::AirItem item;
  item.item = airing();
  item.stream = to_hex(title.title);
  item.name = title.name;
  item.about = "A greeting in words";
  item.kind = title.kind;
  item.media_type = title.media_type;
  item.size = title.size;
  item.start_ms = begins_ms;
  item.end_ms = ends_ms;
  item.watermark = true;
  item.catch_up = true;
  item.fade = true;
  return {channel, 2, 0, {std::move(item)}, {}, ""};
}

node::channels::Channel evening(const wire::Manifest& title) {
  using namespace node::channels;
  Item item;
  item.id = "postcard";
  item.media = to_hex(title.title);
  item.name = title.name;
  item.length_ms = length_ms;
  Slot slot;
  slot.id = "noon";
  slot.list = "post";
  slot.fixed = Fixed{13 * hour_ms, parse_day("2026-11-22").value(), "FREQ=DAILY", {}, {}};
  Channel out;
  out.id = channel;
  out.number = 5;
  out.name = "Evenings at the lake";
  out.zone = "Europe/Berlin";
  out.seed = 1;
  out.lists = {{"post", "Post", Order::sequence, {std::move(item)}}};
  out.slots = {std::move(slot)};
  return out;
}

std::string unsealed(const Result<Bytes>& sealed, const identity::HomeKeys& to) {
  REQUIRE_MESSAGE(sealed, (sealed ? "" : sealed.error().sentence));
  const auto plain = crypto::age::open_file(*sealed, to.encryption());
  REQUIRE(plain.has_value());
  return std::string(as_text(*plain));
}

/// The receiver asks the seller for the channel, and gets it.
void add_letters(Blocks& out, const World& w, const std::string& file) {
  const wire::ChannelWord asks{.id = counting<16>(0xc0),
                               .to = w.seller.address(),
                               .state = wire::ChannelWord::State::wanted,
                               .channel = "5",
                               .note = "May we see it?",
                               .at_ms = World::now + 700};
  add_jws(out, "word about a channel",
          unsealed(wire::seal_channel_word(asks, w.receiver.identity(),
                                           w.seller.encryption().public_key()),
                   w.seller));
  const wire::ChannelShare shows{.id = counting<16>(0xd0),
                                 .to = w.receiver.address(),
                                 .state = wire::ChannelShare::State::offered,
                                 .revision = World::now + 800,
                                 .name = "Evenings at the lake",
                                 .note = "",
                                 .part = 1,
                                 .parts = 1,
                                 .text = file,
                                 .wish = asks.id,
                                 .sent_ms = World::now + 800};
  add_jws(out, "shared channel",
          unsealed(wire::seal_channel_share(shows, w.seller.identity(),
                                            w.receiver.encryption().public_key()),
                   w.receiver));
}

}  // namespace

std::vector<link::Order> channel_orders(const World& w) {
  const wire::Manifest& title = w.offer.manifest;
  const link::GuideRow row{channel, {{airing(), title.name, begins_ms, ends_ms, true}}};
  return {link::Lineup{{{channel, 5, "Evenings at the lake", 0x3366CC}}}, on_air(title),
          link::GuideWindow{3, begins_ms, begins_ms + 3'600'000, {row}},
          link::AskPin{pin, "Not for everybody", "Type the PIN to watch.", ""},
          link::Press{link::Key::channel_up}};
}

std::vector<link::Event> channel_events() {
  return {link::Tune{channel, 2},
          link::Watch{channel, begins_ms, 4},
          link::GuideWanted{3, 0, 12, begins_ms, begins_ms + 3'600'000},
          link::Aired{channel, airing(), 0, 12, ""},
          link::TunedOut{},
          link::PinEntered{pin, "1234"},
          link::GiftsWanted{}};
}

Blocks channel_blocks(const World& w) {
  const wire::Manifest& title = w.offer.manifest;
  const auto offer_of = [&](const std::string& media) -> std::optional<std::string> {
    if (media != to_hex(title.title)) return std::nullopt;
    return w.offer_jws;
  };
  const auto file =
      node::write_channel_file(evening(title), offer_of, w.seller.identity(), World::now);
  REQUIRE_MESSAGE(file, (file ? "" : file.error().sentence));
  Blocks out;
  add_jws(out, "channel file", *file);
  const auto shared = node::sign_channel_file(evening(title), {}, w.seller.identity(), World::now);
  REQUIRE(shared);
  add_letters(out, w, *shared);
  return out;
}

}  // namespace hearth::examples
