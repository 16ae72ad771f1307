// This home's channels as the TV asks for them: the lists of television.h as items that the player
// opens, with the profile in use and the PIN before what is not for it. docs/protocol.md §11.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "node/rules/house_rules.h"
#include "node/screen/programmes.h"
#include "node/television/airings.h"
#include "node/television/shelf.h"
#include "node/television/television.h"

namespace hearth::node {

class OnTv final : public Programmes {
 public:
  struct Rooms {
    net::Loop& loop;
    net::Pool& pool;
    Television& television;
    Titles& titles;
    HouseRules& rules;
    std::function<UtcMs()> clock;
  };
  explicit OnTv(Rooms rooms);
  ~OnTv() override;

  std::vector<link::Channel> lineup() const override;
  std::vector<link::AirItem> airings(const std::string& channel, UtcMs from, UtcMs to,
                                     std::size_t most) const override;
  std::vector<link::Programme> guide(const std::string& channel, UtcMs from,
                                     UtcMs to) const override;
  link::Logo logo(const std::string& channel) const override;
  std::string why_empty(const std::string& channel) const override;
  std::optional<link::AskPin> asks_pin(const std::string& channel, UtcMs at) const override;
  void enter_pin(const std::string& channel, const std::string& digits, PinChecked done) override;
  Result<std::shared_ptr<Reader>> open_stream(const std::string& stream) override;
  void note_problem(const std::string& channel, const std::string& item,
                    const std::string& sentence) override;
  net::Signal& changed() override { return rooms_.television.changed(); }

 private:
  Watcher watcher(const std::string& channel) const;  ///< the rules of who watches now
  const Bytes& logo_png(const std::string& title) const;
  net::Task<void> check(std::string channel, std::string digits, PinChecked done,
                        std::weak_ptr<bool> alive);
  net::Task<void> draw_logo(std::string title, Bytes poster, std::weak_ptr<bool> alive) const;

  Rooms rooms_;
  struct Unlocked {
    UtcMs until = 0;
    std::string profile;  ///< as long as it is in use
  };
  std::map<std::string, Unlocked> unlocked_;    ///< by channel
  mutable std::map<std::string, Bytes> logos_;  ///< by title; empty while it is drawn
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hearth::node
