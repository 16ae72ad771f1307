// JSON of the channels' messages, each for the members beside "order" or "event"; for messages.cpp
// alone. Decoders refuse what is out of bounds: unordered or overlapping programmes too.
#pragma once

#include "common/link/channels.h"
#include "common/wire/json.h"

namespace hearth::link {

wire::Json members(const Lineup& o);
wire::Json members(const GuideWindow& o);
wire::Json members(const Air& o);
wire::Json members(const AskPin& o);
wire::Json members(const Press& o);
wire::Json members(const Tune& e);
wire::Json members(const Watch& e);
wire::Json members(const GuideWanted& e);
wire::Json members(const Aired& e);
wire::Json members(const PinEntered& e);

Lineup decode_lineup(wire::Fields& f);
GuideWindow decode_guide_window(wire::Fields& f);
Air decode_air(wire::Fields& f);
AskPin decode_ask_pin(wire::Fields& f);
Press decode_press(wire::Fields& f);
Tune decode_tune(wire::Fields& f);
Watch decode_watch(wire::Fields& f);
GuideWanted decode_guide_wanted(wire::Fields& f);
Aired decode_aired(wire::Fields& f);
PinEntered decode_pin_entered(wire::Fields& f);

}  // namespace hearth::link
