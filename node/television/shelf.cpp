#include "node/television/shelf.h"

#include <algorithm>

namespace hearth::node {
namespace {

constexpr std::string_view offer_prefix = "channel/offer/";

KnownMedia from_manifest(const wire::Manifest& manifest) {
  KnownMedia out;
  out.facts.name = manifest.name;
  out.facts.kind = manifest.kind;
  out.facts.length_ms = manifest.duration_ms;
  out.title = to_hex(manifest.title);
  out.media_type = manifest.media_type;
  out.size = manifest.size;
  return out;
}

}  // namespace

std::optional<crypto::Sha256Digest> digest_from_hex(const std::string& hex) {
  const auto bytes = from_hex(hex);
  crypto::Sha256Digest out;
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

void Shelf::remember(store::Batch& batch, const std::string& offer_jws) {
  const std::string id = to_hex(crypto::sha256(as_bytes(offer_jws)));
  put(batch, std::string(offer_prefix) + id, as_bytes(offer_jws));
}

std::optional<wire::Offer> Shelf::offer(const std::string& offer_hex) const {
  const auto id = digest_from_hex(offer_hex);
  if (!id) return std::nullopt;
  const auto stored = rooms_.records.get(std::string(offer_prefix) + offer_hex);
  if (stored && *stored) {
    auto offer = wire::read_offer(as_text(**stored));
    if (offer) return std::move(*offer);
  }
  auto known = rooms_.wallet.offer(*id);
  if (!known) return std::nullopt;
  return std::move(*known);
}

std::optional<std::string> Shelf::offer_of(const std::string& media) const {
  const auto id = digest_from_hex(media);
  if (!id) return std::nullopt;
  if (const auto title = rooms_.titles.title(*id)) {
    if (title->offer_jws.empty()) return std::nullopt;
    return title->offer_jws;
  }
  const auto known = offer(media);
  if (!known) return std::nullopt;
  return known->jws;
}

bool Shelf::is_coming(const std::string& title_hex, const std::string& offer_hex) const {
  const auto delivery = rooms_.deliveries.of(title_hex);
  if (delivery && *delivery && (*delivery)->active()) return true;
  const auto id = digest_from_hex(offer_hex);
  if (!id) return false;
  Intent intent;
  intent.what = Intent::What::deliver;
  const auto open = rooms_.wallet.open_purchase(*id, intent);
  const auto held = rooms_.wallet.held_for(*id);
  return (open && open->has_value()) || (held && held->has_value());
}

void Shelf::find_state(KnownMedia& media, const std::string& offer_hex) const {
  find_here(media, offer_hex);
  media.facts.price = media.here == Here::for_sale ? media.price : std::nullopt;
}

void Shelf::find_here(KnownMedia& media, const std::string& offer_hex) const {
  const auto id = digest_from_hex(media.title);
  media.missing_bytes = media.size;
  media.here = offer_hex.empty() ? Here::no : Here::for_sale;
  if (!id) return;
  const TransferProgress progress = rooms_.titles.progress(*id);
  const bool kept = rooms_.titles.keeps_data(*id);
  if (media.size > progress.done_bytes) media.missing_bytes = media.size - progress.done_bytes;
  const auto title = rooms_.titles.title(*id);
  if (title && title->key && kept) {
    media.here = progress.complete      ? Here::whole
                 : progress.first_piece ? Here::begun
                                        : Here::coming;
    if (progress.complete) media.missing_bytes = 0;
    return;
  }
  // Bought once means fetched for ever: what was deleted here is missing, and not bought again.
  if (title && title->key) {
    media.here = Here::no;
    return;
  }
  if (is_coming(media.title, offer_hex)) media.here = Here::coming;
}

std::optional<KnownMedia> Shelf::look(const std::string& media, const KnownMedia* before) const {
  const auto id = digest_from_hex(media);
  if (!id) return std::nullopt;
  if (before != nullptr && !before->title.empty()) {
    KnownMedia again = *before;
    find_state(again, before->title == media ? std::string() : media);
    return again;
  }
  if (const auto title = rooms_.titles.title(*id)) {
    KnownMedia out = from_manifest(title->manifest);
    if (!title->offer_jws.empty()) {
      const auto sold = wire::read_offer(title->offer_jws);
      if (sold) out.facts.min_age = sold->terms.min_age;
    }
    out.facts.min_age = std::max(out.facts.min_age, rooms_.rating(out.title));
    find_state(out, {});
    return out;
  }
  const auto known = offer(media);
  if (!known) return std::nullopt;
  KnownMedia out = from_manifest(known->manifest);
  out.facts.min_age = std::max(known->terms.min_age, rooms_.rating(out.title));
  out.price = known->price;
  find_state(out, media);
  return out;
}

}  // namespace hearth::node
