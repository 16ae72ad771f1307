#include "ledger/access/purchase_wishes.h"

#include <algorithm>

#include "ledger/access/devices.h"
#include "ledger/access/lookup.h"

namespace hearth::ledger::access {
namespace {

Result<void> check_device(const AccessSources& sources, const wire::PurchaseRequest& request) {
  const auto list = load_devices(sources.store, request.home);
  if (!list) return pass_on(list.error());
  if (!*list) return {};  // a home that never named its devices buys with any
  const auto& known = (*list)->devices;
  if (std::find(known.begin(), known.end(), request.device) != known.end()) return {};
  return fail(
      Code::unknown_device,
      "The device that asks is not one that this home registered, or was taken off when the "
      "home was restored on another one. Nothing was charged; buy with the machine on which "
      "the home lives now.");
}

tl::unexpected<Error> service_refused(const std::string& why) {
  return fail(Code::service_refused, why + " Nothing was charged.");
}

/// Only who wants something particular has the manifest read.
Result<void> check_services(const AccessSources& sources, const wire::PurchaseRequest& request,
                            UtcMs now) {
  const wire::Services& wanted = request.services;
  if (wanted == wire::Services{}) return {};
  if (wanted.by_ms != 0 && wanted.by_ms <= now)
    return service_refused("The time by which the title is wanted has passed.");
  const auto text = load_offer_text(sources.store, request.offer);
  if (!text) return pass_on(text.error());
  if (!*text) return unknown_offer();
  const auto offer = wire::read_offer((*text)->jws);
  if (!offer) return pass_on(offer.error());
  const wire::Manifest& title = offer->manifest;
  if (!wire::can_show(wanted.device_kind, title.kind))
    return service_refused("A device of the kind \"" +
                           std::string(wire::device_kind_name(wanted.device_kind)) +
                           "\" cannot show a title of this kind.");
  const bool has_height = title.kind == wire::Kind::video || title.kind == wire::Kind::image;
  if (has_height && wanted.min_height > title.height)
    return service_refused("The title is " + std::to_string(title.height) +
                           " pixels high, which is less than what is asked for.");
  return {};
}

Result<void> check_restrictions(const wire::Restrictions& asked, const wire::Terms& terms) {
  if (asked == wire::Restrictions{}) return {};
  if (asked.min_age < terms.min_age)
    return service_refused("The seller gives this title to people of " +
                           std::to_string(terms.min_age) +
                           " years and above; the purchase restricts it to a lower age.");
  if (asked.not_before_ms < terms.not_before_ms)
    return service_refused(
        "The seller lets this title be opened only from a later day on than the purchase says.");
  if (asked.push != wire::Push::none && !terms.giftable)
    return fail(Code::not_giftable,
                "The seller's terms do not allow giving this title away. Nothing was charged.");
  return {};
}

}  // namespace

Result<void> check_wishes(const AccessSources& sources, const wire::PurchaseRequest& request,
                          const OfferEntry& offer, UtcMs now) {
  if (auto good = check_device(sources, request); !good) return good;
  if (auto good = check_services(sources, request, now); !good) return good;
  return check_restrictions(request.restrictions, offer.terms);
}

}  // namespace hearth::ledger::access
