// A channel's document as JSON: how it is stored, sent and shared (docs/protocol.md §18). The
// reader is the only one; what it lets through is bounded and consistent: every id is unique,
// every reference leads somewhere, every rule is one. What is merely unwise is check.h's. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/wire/json.h"
#include "node/channels/channel.h"

namespace hearth::node::channels {

inline constexpr std::size_t max_channel_bytes = 8 * 1024 * 1024;

wire::Json to_json(const Channel& channel);
/// "#3366cc"
std::string colour_text(std::uint32_t colour);
/// Compact, members in alphabetical order: the same channel is always the same text.
std::string write_channel(const Channel& channel);
/// Code::usage or Code::too_large; the sentence names the part that is wrong.
Result<Channel> channel_from_json(const wire::Json& json);
Result<Channel> read_channel(std::string_view text);

/// The parts, for commands that carry one of them.
wire::Json to_json(const Item& item);
wire::Json to_json(const List& list);
wire::Json to_json(const Slot& slot);
wire::Json to_json(const Filler& filler);
Result<Item> item_from_json(const wire::Json& json);
Result<List> list_from_json(const wire::Json& json);
Result<Slot> slot_from_json(const wire::Json& json);
Result<Filler> filler_from_json(const wire::Json& json);

/// What must hold between the parts; read_channel and edit.h ask it.
Result<void> consistent(const Channel& channel);

}  // namespace hearth::node::channels
