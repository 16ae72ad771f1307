#include "node/delivery/deliveries.h"

#include <algorithm>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

constexpr std::int64_t first_backoff_ms = 250;
constexpr std::int64_t max_backoff_ms = 15'000;
constexpr std::int64_t look_again_ms = 5'000;
constexpr std::int64_t not_yet_backoff_ms = 5 * 60 * 1000;

std::string delivery_key(const std::string& title) {
  return "delivery/" + title;
}

Result<wire::Manifest> manifest_of(const Delivery& delivery) {
  return wire::read_manifest(delivery.manifest_jws);
}

}  // namespace

Deliveries::Deliveries(net::Loop& loop, Records& records, Wallet& wallet, LedgerLink& ledger,
                       Titles& titles, Announcer& announcer)
    : loop_(loop),
      records_(records),
      wallet_(wallet),
      ledger_(ledger),
      titles_(titles),
      announcer_(announcer),
      wake_(loop) {}

Result<bool> Deliveries::begin(store::Batch& batch, const DeliveryOrder& order, UtcMs now) const {
  Delivery delivery;
  delivery.offer_jws = order.offer_jws;
  delivery.manifest_jws = order.manifest_jws;
  if (!order.offer_jws.empty()) {
    const auto offer = wire::read_offer(order.offer_jws);
    if (!offer) return pass_on(offer.error());
    delivery.manifest_jws = offer->manifest_jws;
  }
  const auto manifest = manifest_of(delivery);
  if (!manifest) return pass_on(manifest.error());
  delivery.title = to_hex(manifest->title);
  const auto here = has(manifest->title);
  if (!here) return pass_on(here.error());
  if (*here) {
    const auto title = titles_.title(manifest->title);
    const auto again = title && title->key ? fetch_again(*title) : Result<void>();
    if (!again) spdlog::warn("delivery: {}", again.error().sentence);
    return false;
  }

  delivery.voucher = order.voucher;
  delivery.file_key = order.file_key;
  delivery.gift = order.gift;
  delivery.by_ms = order.by_ms;
  delivery.pocket = order.pocket;
  delivery.begun_ms = now;
  put_delivery(batch, delivery);
  return true;
}

Result<bool> Deliveries::has(const wire::TitleId& title) const {
  const auto known = titles_.title(title);
  if (known && known->key) return true;
  const auto delivery = of(to_hex(title));
  if (!delivery) return pass_on(delivery.error());
  return *delivery && (*delivery)->active();
}

Result<void> Deliveries::fetch_again(const Title& title) const {
  if (titles_.keeps_data(title.manifest.title)) return {};
  auto torrent = titles_.torrent_of(title.manifest.title);
  if (!torrent) return pass_on(torrent.error());
  auto begun = titles_.receive(title.manifest_jws, title.offer_jws, std::move(*torrent));
  if (begun) announcer_.track(title.manifest.info_hash);
  return begun;
}

Result<bool> Deliveries::call_off(const std::string& voucher) {
  const auto all = list();
  if (!all) return pass_on(all.error());
  const auto found = std::find_if(all->begin(), all->end(), [&](const Delivery& delivery) {
    return delivery.active() && delivery.voucher == voucher;
  });
  if (found == all->end() || !found->redemption_jws.empty()) return false;
  const Error why{Code::interrupted,
                  "It was called off before anything had arrived; its voucher is free again."};
  auto ended = give_up(*found, why);
  if (!ended) return pass_on(ended.error());
  wake_.notify_all();
  titles_.changed().notify_all();
  return true;
}

void Deliveries::resume() {
  const auto all = list();
  if (!all) {
    spdlog::error("delivery: {}", all.error().sentence);
    return;
  }
  for (const auto& delivery : *all) {
    if (delivery.active() && running_.insert(delivery.title).second) {
      net::spawn(loop_, run(delivery.title), "delivery");
    }
    if (!delivery.active()) give_back(delivery);
  }
}

void Deliveries::stop() {
  stopping_ = true;
  wake_.notify_all();
  titles_.changed().notify_all();
}

Result<void> Deliveries::take_held(const DeliveryOrder& order, UtcMs now) {
  const auto voucher = wallet_.voucher(order.voucher);
  if (!voucher) return pass_on(voucher.error());
  store::Batch batch;
  const auto begun = begin(batch, order, now);
  if (!begun) return pass_on(begun.error());
  if (!*begun) return {};
  auto moved = wallet_.move(batch, *voucher, VoucherEvent::take, voucher->gift, now);
  if (!moved) return moved;
  auto stored = records_.commit(batch);
  if (stored) resume();
  return stored;
}

Result<std::vector<Delivery>> Deliveries::list() const {
  std::vector<Delivery> all;
  auto scanned = records_.scan("delivery/", [&](std::string_view, ByteView value) -> Result<void> {
    auto delivery = decode_delivery(value);
    if (!delivery) return pass_on(delivery.error());
    all.push_back(std::move(*delivery));
    return {};
  });
  if (!scanned) return pass_on(scanned.error());
  return all;
}

Result<std::optional<Delivery>> Deliveries::of(const std::string& title_hex) const {
  auto stored = records_.get(delivery_key(title_hex));
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<Delivery>();
  auto delivery = decode_delivery(**stored);
  if (!delivery) return pass_on(delivery.error());
  return std::optional(std::move(*delivery));
}

const Error* Deliveries::trouble(const std::string& title_hex) const {
  const auto found = trouble_.find(title_hex);
  return found == trouble_.end() ? nullptr : &found->second;
}

void Deliveries::put_delivery(store::Batch& batch, Delivery& delivery) const {
  delivery.changed_ms = now_ms();
  put(batch, delivery_key(delivery.title), encode(delivery));
}

Result<void> Deliveries::tell_gift(store::Batch& batch, const Delivery& delivery,
                                   ReceivedEvent event) {
  if (delivery.gift.empty() || !gift_hook_) return {};
  return gift_hook_(batch, delivery.gift, event);
}

TitleView Deliveries::look(const Delivery& delivery) const {
  TitleView view;
  const auto manifest = manifest_of(delivery);
  if (!manifest) return view;
  const auto title = titles_.title(manifest->title);
  if (!title) return view;
  const TransferProgress progress = titles_.progress(manifest->title);
  view.known = true;
  view.has_key = title->key.has_value();
  view.first_piece = progress.first_piece || progress.complete;
  view.complete = progress.complete;
  return view;
}

net::Task<void> Deliveries::run(std::string title_hex) {
  std::int64_t backoff_ms = first_backoff_ms;
  while (!stopping_) {
    const auto delivery = of(title_hex);
    if (!delivery || !*delivery || !(*delivery)->active()) break;
    const TitleView view = look(**delivery);
    if (is_late(**delivery, view, now_ms())) {
      const auto ended = end_late(**delivery);
      if (ended) break;
      spdlog::error("delivery: {}", ended.error().sentence);
    }
    const Step step = next_step(**delivery, view);
    if (step == Step::wait_for_piece || step == Step::wait_for_rest) {
      trouble_.erase(title_hex);
      co_await titles_.changed().wait(look_again_ms);
      continue;
    }
    const Result<void> taken = co_await take(step, **delivery);
    if (taken) {
      trouble_.erase(title_hex);
      backoff_ms = first_backoff_ms;
      continue;
    }
    if (!trouble_.contains(title_hex)) spdlog::warn("delivery: {}", taken.error().sentence);
    trouble_.insert_or_assign(title_hex, taken.error());
    const bool is_early = taken.error().code == Code::not_yet;
    if (!stopping_) co_await wake_.wait(is_early ? not_yet_backoff_ms : backoff_ms);
    backoff_ms = std::min(backoff_ms * 2, max_backoff_ms);
  }
  trouble_.erase(title_hex);
  running_.erase(title_hex);
}

net::Task<Result<void>> Deliveries::take(Step step, Delivery delivery) {
  switch (step) {
    case Step::fetch_torrent:
      co_return co_await fetch_torrent(std::move(delivery));
    case Step::redeem:
      co_return co_await redeem(std::move(delivery));
    case Step::keep_key: {
      const auto manifest = manifest_of(delivery);
      if (!manifest) co_return give_up(std::move(delivery), manifest.error());
      co_return titles_.set_key(manifest->title, *delivery.file_key);
    }
    case Step::settle_voucher:
      co_return settle_voucher(std::move(delivery));
    case Step::finish:
      co_return co_await finish(std::move(delivery));
    case Step::wait_for_piece:
    case Step::wait_for_rest:
    case Step::nothing:
      break;
  }
  co_return Result<void>();
}

net::Task<Result<void>> Deliveries::fetch_torrent(Delivery delivery) {
  const auto manifest = manifest_of(delivery);
  if (!manifest) co_return give_up(std::move(delivery), manifest.error());
  auto torrent = co_await ledger_.torrent(manifest->info_hash);
  if (!torrent) co_return pass_on(torrent.error());
  const auto still = of(delivery.title);
  if (!still) co_return pass_on(still.error());
  if (!*still || !(*still)->active()) co_return Result<void>();  // called off meanwhile
  auto received = titles_.receive(delivery.manifest_jws, delivery.offer_jws, std::move(*torrent));
  if (!received) {
    if (received.error().code != Code::bad_torrent) co_return received;
    co_return give_up(std::move(delivery), received.error());
  }
  announcer_.track(manifest->info_hash);
  store::Batch batch;
  delivery.state = DeliveryState::fetching;
  put_delivery(batch, delivery);
  auto told = tell_gift(batch, delivery, ReceivedEvent::fetch_begun);
  if (!told) co_return told;
  co_return records_.commit(batch);
}

net::Task<Result<void>> Deliveries::redeem(Delivery delivery) {
  const auto voucher = wallet_.voucher(delivery.voucher);
  if (!voucher) co_return pass_on(voucher.error());
  const auto offer = wire::read_offer(delivery.offer_jws);
  if (!offer) co_return give_up(std::move(delivery), offer.error());
  const UtcMs opens = offer->terms.not_before_ms;
  // Not shown to the ledger before: until then it can be given back.
  if (delivery.redemption_jws.empty() && now_ms() < opens) {
    co_return fail(Code::not_yet, "The seller lets this title be opened from " + local_text(opens) +
                                      " on. It is fetched, and its voucher is as good as before.");
  }
  const crypto::BoxKey recipient = wallet_.recipient_of(voucher->voucher, offer->terms);
  if (delivery.redemption_jws.empty()) {
    delivery.redemption_jws = wire::write_redemption(voucher->voucher, recipient.public_key());
    delivery.state = DeliveryState::redeeming;
    store::Batch batch;
    put_delivery(batch, delivery);
    auto stored = records_.commit(batch);
    if (!stored) co_return stored;
  }
  crash_point("delivery.redeem.before_send");
  std::string redemption_jws = delivery.redemption_jws;
  auto redeemed = co_await ledger_.redeem(std::move(redemption_jws));
  crash_point("delivery.redeem.after_answer");
  if (!redeemed) {
    if (redeemed.error().code == Code::not_yet) co_return not_shown(std::move(delivery));
    if (!ends_redemption(redeemed.error().code)) co_return pass_on(redeemed.error());
    co_return give_up(std::move(delivery), redeemed.error());
  }
  const auto key = open_access_key(recipient, redeemed->access_key);
  if (!key) {
    const Error why{key.error().code,
                    "The ledger took the voucher, but the access key that it gave does not open: " +
                        key.error().sentence + " The redemption is kept; show it to the operator."};
    co_return give_up(std::move(delivery), why);
  }
  const auto manifest = manifest_of(delivery);
  if (!manifest) co_return give_up(std::move(delivery), manifest.error());
  // The key first, then the voucher: dying in between, the next look finds the key and only
  // settles the voucher.
  auto kept = titles_.set_key(manifest->title, *key);
  if (!kept) co_return kept;
  crash_point("delivery.redeem.after_key");
  co_return settle_voucher(std::move(delivery));
}

/// The ledger's clock is behind ours: it has kept nothing of the redemption.
Result<void> Deliveries::not_shown(Delivery delivery) {
  delivery.redemption_jws.clear();
  delivery.state = DeliveryState::fetching;
  store::Batch batch;
  put_delivery(batch, delivery);
  auto stored = records_.commit(batch);
  if (!stored) return stored;
  return fail(Code::not_yet,
              "By the ledger's clock this title is not to be opened yet. Its voucher is as good as "
              "before.");
}

Result<void> Deliveries::settle_voucher(Delivery delivery) {
  store::Batch batch;
  if (!delivery.voucher.empty()) {
    auto voucher = wallet_.voucher(delivery.voucher);
    if (!voucher) return pass_on(voucher.error());
    // A voucher that the ledger never saw is free again: the key came another way.
    const bool shown = !delivery.redemption_jws.empty();
    auto moved = wallet_.move(batch, *voucher, shown ? VoucherEvent::redeem : VoucherEvent::release,
                              voucher->gift, now_ms());
    if (!moved) return moved;
  }
  delivery.state = DeliveryState::keyed;
  put_delivery(batch, delivery);
  return records_.commit(batch);
}

net::Task<Result<void>> Deliveries::finish(Delivery delivery) {
  const auto manifest = manifest_of(delivery);
  if (!manifest) co_return give_up(std::move(delivery), manifest.error());
  auto reader = titles_.open_reader(manifest->title);
  if (!reader) co_return pass_on(reader.error());
  const auto first = co_await (*reader)->read(0, 1, 60'000);
  if (!first && code_name(first.error().code).starts_with("age_")) {
    const Error why{first.error().code, "The title arrived whole, but its key does not open it: " +
                                            first.error().sentence};
    co_return give_up(std::move(delivery), why);
  }
  if (!first) co_return pass_on(first.error());
  delivery.state = DeliveryState::done;
  store::Batch batch;
  put_delivery(batch, delivery);
  auto told = tell_gift(batch, delivery, ReceivedEvent::fetch_ended);
  if (!told) co_return told;
  co_return records_.commit(batch);
}

/// Ends a delivery for good. A voucher that the ledger has not seen is free again.
Result<void> Deliveries::give_up(Delivery delivery, const Error& why) {
  spdlog::warn("delivery: given up: {}", why.sentence);
  store::Batch batch;
  if (!delivery.voucher.empty() && delivery.state < DeliveryState::keyed) {
    auto voucher = wallet_.voucher(delivery.voucher);
    if (!voucher) return pass_on(voucher.error());
    const bool spent = !delivery.redemption_jws.empty() && why.code != Code::voucher_expired;
    auto moved = wallet_.move(batch, *voucher, spent ? VoucherEvent::refuse : VoucherEvent::release,
                              voucher->gift, now_ms());
    if (!moved) return moved;
  }
  delivery.state = DeliveryState::failed;
  delivery.problem_code = code_name(why.code);
  delivery.problem = why.sentence.substr(0, 2000);
  put_delivery(batch, delivery);
  return records_.commit(batch);
}

Result<void> Deliveries::end_late(Delivery delivery) {
  const Error why{Code::service_refused,
                  "Nothing of the title came by the time that was asked for, so its price is given "
                  "back. Nobody was shown the voucher."};
  auto ended = give_up(delivery, why);
  if (!ended) return ended;
  const auto stored = of(delivery.title);
  if (stored && *stored) give_back(**stored);
  return {};
}

void Deliveries::give_back(const Delivery& delivery) const {
  const bool is_late = delivery.state == DeliveryState::failed && delivery.by_ms != 0 &&
                       delivery.problem_code == code_name(Code::service_refused);
  if (!is_late || !late_hook_ || delivery.voucher.empty()) return;
  const auto voucher = wallet_.voucher(delivery.voucher);
  if (voucher && voucher->state == VoucherState::held)
    late_hook_(delivery.voucher, delivery.pocket);
}

}  // namespace hearth::node
