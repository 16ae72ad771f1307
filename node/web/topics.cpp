#include "node/web/topics.h"

#include <utility>

namespace hearth::node {

Topics topics_of_key(std::string_view key) {
  using enum Topic;
  static constexpr std::pair<std::string_view, Topics> rows[] = {
      {"gift/", only(gifts)},
      {"gift-card/", only(gifts)},
      {"wish/", only(wishes)},
      {"contact/", only(contacts)},
      {"contacts/invitation", only(contacts)},
      {"directory/", only(contacts)},
      {"title/", only(library)},
      {"item/", only(library)},
      {"delivery/", only(transfers)},
      {"purchase/", only(wallet)},
      {"voucher/", only(wallet)},
      {"exchange/", only(wallet)},
      {"account/", only(wallet)},
      {"ledger/alarm", only(wallet)},
      {"rules/", only(rules)},
      {"web/", only(phones)},
      {"channel/", only(channels)},
      {"share/", only(channels)},
  };
  for (const auto& [prefix, topics] : rows) {
    if (key.starts_with(prefix)) return topics;
  }
  return no_topics;
}

std::string changed_message(Topics topics) {
  std::string names;
  for (std::size_t i = 0; i < topic_names.size(); ++i) {
    if ((topics >> i & 1) == 0) continue;
    names += names.empty() ? "\"" : ",\"";
    names += topic_names[i];
    names += '"';
  }
  return "{\"changed\":[" + names + "]}";
}

}  // namespace hearth::node
