#include "node/sharing/sharing.h"

#include <utility>

#include "common/base/log.h"

namespace hearth::node {
namespace {

/// Several changes at once are one letter.
constexpr std::int64_t collected_ms = 300;
constexpr std::int64_t look_again_ms = 30'000, ask_again_ms = 5'000;
constexpr std::int64_t unknown_for_ms = 3'600'000;

}  // namespace

Sharing::Sharing(net::Loop& loop, LedgerLink& ledger, const Shelf& shelf, const SharingRooms& rooms)
    : loop_(loop),
      ledger_(ledger),
      shelf_(shelf),
      rooms_(rooms),
      in_(rooms),
      out_(rooms),
      wake_(loop) {}

void Sharing::start() {
  net::spawn(loop_, run(), "sharing");
}

void Sharing::stop() {
  stopping_ = true;
  wake_.notify_all();
}

void Sharing::wake() {
  woken_ = true;
  wake_.notify_all();
}

Result<void> Sharing::take(store::Batch& batch, const wire::OpenedDrop& drop) {
  if (drop.share) return in_.take(batch, drop.from, *drop.share);
  if (drop.word) return out_.take(batch, drop.from, *drop.word);
  return {};
}

void Sharing::note(const store::Batch& committed) {
  for (const auto& entry : committed.entries()) {
    const std::string_view key = as_text(entry.key);
    const bool gives = key.starts_with("gift/out/") || key.starts_with("publish/");
    others_may_have_more_ = others_may_have_more_ || gives;
    if (gives || key.starts_with("share/") || key.starts_with(version_prefix) ||
        key.starts_with("contact/"))
      wake();
  }
}

net::Task<void> Sharing::run() {
  while (!stopping_) {
    woken_ = false;
    const bool all = std::exchange(others_may_have_more_, false);
    const auto here = in_.sync();
    if (!here) spdlog::error("sharing: {}", here.error().sentence);
    const auto there = out_.sync(all);
    if (!there) spdlog::error("sharing: {}", there.error().sentence);
    if (told_) told_();
    const bool answered = co_await fetch_offers();
    if (stopping_) break;
    co_await net::sleep_ms(collected_ms);
    if (!woken_ && !stopping_) co_await wake_.wait(answered ? look_again_ms : ask_again_ms);
  }
}

net::Task<bool> Sharing::fetch_offers() {
  const std::vector<std::string> unknown = in_.unknown_offers();
  bool answered = true, any = false;
  std::erase_if(not_before_, [&](const auto& one) { return one.second <= rooms_.clock(); });
  for (const std::string& hex : unknown) {
    if (stopping_) break;
    const auto id = digest_from_hex(hex);
    if (!id || not_before_.contains(hex) || shelf_.offer(hex)) continue;
    const auto entry = co_await ledger_.offer(*id);
    if (!entry && entry.error().code != Code::unknown_offer) {
      answered = false;
      break;
    }
    if (!entry) {
      not_before_[hex] = rooms_.clock() + unknown_for_ms;
      continue;
    }
    store::Batch batch;
    Shelf::remember(batch, entry->offer.jws);
    const auto stored = rooms_.records.commit(batch);
    if (!stored) spdlog::error("sharing: {}", stored.error().sentence);
    any = true;
  }
  if (any) {
    rooms_.television.media().refresh();
    rooms_.television.tell_changed();
  }
  co_return answered;
}

}  // namespace hearth::node
