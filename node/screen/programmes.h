// What the TV needs of the home's channels: the lineup, the guide, what is on and what follows, the
// bytes of it. The room that owns the channels implements it; the list behind it is the only one,
// so that the screen shows what the guide says. docs/protocol.md §11.
//
// Threads: loop thread only. Called for every zap: answers come from memory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/link/channels.h"
#include "common/net/task.h"
#include "node/library/titles.h"

namespace hearth::node {

class Programmes {
 public:
  virtual ~Programmes() = default;

  /// Every channel, by number.
  virtual std::vector<link::Channel> lineup() const = 0;
  /// What touches [from, to), whole and by start, at most `most`: fillers too, dead air left out.
  /// What cannot be shown has no stream, and a sentence.
  virtual std::vector<link::AirItem> airings(const std::string& channel, UtcMs from, UtcMs to,
                                             std::size_t most) const = 0;
  /// The same as people read it, fillers merged and what is too short to be drawn gathered, by
  /// start: at most link::max_row_programmes.
  virtual std::vector<link::Programme> guide(const std::string& channel, UtcMs from,
                                             UtcMs to) const = 0;
  /// Its PNG is at most link::max_logo; empty: none.
  virtual link::Logo logo(const std::string& channel) const = 0;
  /// Why nothing is on, for people; may be empty.
  virtual std::string why_empty(const std::string& channel) const = 0;

  /// Whether the people before the TV have to enter the PIN for what is on then, and what to tell
  /// them: nullopt when they do not. Once entered, not again until the source says so.
  virtual std::optional<link::AskPin> asks_pin(const std::string& channel, UtcMs at) const = 0;
  /// Told once, later: PINs are hashed elsewhere. The error's sentence is shown on the pad.
  using PinChecked = std::function<void(Result<void>)>;
  virtual void enter_pin(const std::string& channel, const std::string& digits,
                         PinChecked done) = 0;

  /// Of an AirItem.
  virtual Result<std::shared_ptr<Reader>> open_stream(const std::string& stream) = 0;
  /// The TV could not show it; the channel went on with its card.
  virtual void note_problem(const std::string& channel, const std::string& item,
                            const std::string& sentence) = 0;
  /// Lineup or lists changed.
  virtual net::Signal& changed() = 0;
};

}  // namespace hearth::node
