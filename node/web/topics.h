// What of a home changed, in the words that its page is told: "gifts", "wallet". Which they are is
// read from the keys that a commit writes, so no room has to think of the page. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::node {

enum class Topic : std::uint8_t {
  gifts,
  wishes,
  contacts,
  library,
  transfers,
  wallet,
  tv,
  rules,
  phones,
  channels,
};
inline constexpr std::array<std::string_view, 10> topic_names = {
    "gifts",  "wishes", "contacts", "library", "transfers",
    "wallet", "tv",     "rules",    "phones",  "channels"};

/// A set of them, one bit each.
using Topics = std::uint32_t;
inline constexpr Topics no_topics = 0;
constexpr Topics only(Topic topic) {
  return Topics{1} << static_cast<unsigned>(topic);
}
/// Of a key of the node's store; none of one that nothing shown depends on.
Topics topics_of_key(std::string_view key);
/// {"changed":["gifts","wallet"]}
std::string changed_message(Topics topics);

}  // namespace hearth::node
