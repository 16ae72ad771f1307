#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

/// Posters make offers large: a page ends early rather than outgrow what clients read.
constexpr std::size_t max_page_bytes = 4 * 1024 * 1024;

/// What the loop thread knows of an offer to be shown.
struct Shown {
  wire::OfferId id{};
  std::uint64_t complete_sources = 0;
};

Result<wire::Json> offer_json(const store::View& store, const Shown& shown) {
  const auto text = load_offer_text(store, shown.id);
  if (!text) return pass_on(text.error());
  if (!*text) return fail(Code::unknown_offer, "There is no such offer at this ledger.");
  return wire::Json{{"id", to_hex(shown.id)},
                    {"offer", (*text)->jws},
                    {"complete_sources", shown.complete_sources}};
}

Result<net::Response> page_answer(const store::View& store, const std::vector<Shown>& shown,
                                  std::string next) {
  wire::Json offers = wire::Json::array();
  std::size_t bytes = 0;
  for (const Shown& one : shown) {
    auto json = offer_json(store, one);
    if (!json) return pass_on(std::move(json.error()));
    bytes += (*json)["offer"].get_ref<const std::string&>().size();
    if (bytes > max_page_bytes && !offers.empty()) {
      next = offers.back()["id"].get<std::string>();
      break;
    }
    offers.push_back(std::move(*json));
  }
  return json_answer({{"offers", std::move(offers)}, {"next", next}});
}

Shown shown(Rooms& rooms, const OfferEntry& entry) {
  return {entry.id, rooms.tracker->complete_sources(entry.info_hash, rooms.now())};
}

}  // namespace

RouteResult get_offers(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  const auto asked = read_offers_query(request.query);
  if (!asked) co_return pass_on(asked.error());
  const auto page =
      rooms->catalogue.search(asked->search, asked->after, asked->limit, rooms->now());
  if (!page) co_return pass_on(page.error());
  std::vector<Shown> list;
  for (const OfferEntry& entry : page->offers) list.push_back(shown(*rooms, entry));
  auto work = [&store = rooms->store, list = std::move(list),
               next = page->next ? to_hex(*page->next) : std::string()] {
    return page_answer(store, list, next);
  };
  co_return co_await net::on_pool(rooms->pool, std::move(work));
}

RouteResult get_offer(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto id = hex_id<32>(parts[2], Code::unknown_offer, "offer");
  if (!id) co_return pass_on(id.error());
  const OfferEntry* entry = rooms->catalogue.offer(*id);
  if (entry == nullptr) {
    co_return fail(Code::unknown_offer, "There is no such offer at this ledger.");
  }
  auto work = [&store = rooms->store, one = shown(*rooms, *entry)] {
    return offer_json(store, one);
  };
  const auto json = co_await net::on_pool(rooms->pool, std::move(work));
  if (!json) co_return pass_on(json.error());
  co_return json_answer(*json);
}

}  // namespace hearth::ledger
