#include "node/api/documents.h"

#include "common/base/names.h"
#include "common/wire/shown.h"

namespace hearth::node {
namespace {

/// The first of: why it ended, what holds it up, what the swarm complains about.
void add_problem(wire::Json& out, const Delivery* delivery, const Error* trouble,
                 const std::optional<Error>& swarm_problem) {
  if (delivery != nullptr && !delivery->problem.empty()) {
    out["problem"] = {{"code", delivery->problem_code}, {"sentence", delivery->problem}};
  } else if (trouble != nullptr) {
    out["problem"] = wire::failure_document(*trouble);
  } else if (swarm_problem) {
    out["problem"] = wire::failure_document(*swarm_problem);
  }
}

/// Printable text whose lines stay lines: a signed note stays what it is.
std::string lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end), 64 * 1024);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

wire::Json document(const money::Amount& amount) {
  return wire::money_document(amount);
}

wire::Json document(const Item& item) {
  return {{"item", item.id},
          {"path", printable(item.path.string(), 4096)},
          {"name", item.name},
          {"kind", wire::kind_name(item.probe.kind)},
          {"media_type", item.probe.media_type},
          {"size", item.size},
          {"duration_ms", item.probe.duration_ms},
          {"width", item.probe.width},
          {"height", item.probe.height}};
}

wire::Json document(const Title& title, bool is_private, bool complete) {
  wire::Json out = {{"title", to_hex(title.manifest.title)},
                    {"name", title.manifest.name},
                    {"kind", wire::kind_name(title.manifest.kind)},
                    {"media_type", title.manifest.media_type},
                    {"size", title.manifest.size},
                    {"duration_ms", title.manifest.duration_ms},
                    {"origin", title.origin == TitleOrigin::published ? "published" : "received"},
                    {"private", is_private},
                    {"complete", complete},
                    {"has_key", title.key.has_value()}};
  if (!title.offer_jws.empty()) {
    out["offer"] = to_hex(crypto::sha256(as_bytes(title.offer_jws)));
  }
  return out;
}

wire::Json document(const CatalogueEntry& entry) {
  const wire::Manifest& manifest = entry.offer.manifest;
  const wire::Terms& terms = entry.offer.terms;
  return {{"offer", to_hex(entry.offer.id)},
          {"title", to_hex(manifest.title)},
          {"name", manifest.name},
          {"kind", wire::kind_name(manifest.kind)},
          {"media_type", manifest.media_type},
          {"size", manifest.size},
          {"duration_ms", manifest.duration_ms},
          {"price", document(entry.offer.price)},
          {"seller", entry.offer.seller().text()},
          {"giftable", terms.giftable},
          {"min_age", terms.min_age},
          {"sold_until_ms", terms.sold_until_ms},
          {"not_before_ms", terms.not_before_ms},
          {"redeem_until_ms", terms.redeem_until_ms},
          {"refund_until_ms", terms.refund_until_ms},
          {"homes", terms.homes},
          {"complete_sources", entry.complete_sources}};
}

wire::Json document(const Contact& contact) {
  wire::Json out = {{"name", contact.name},
                    {"home", contact.card.home.text()},
                    {"state", name_of(contact.state)},
                    {"muted", contact.muted},
                    {"added_ms", contact.added_ms}};
  if (contact.reception) out["reception"] = name_of(*contact.reception);
  if (!contact.note.empty()) out["note"] = contact.note;
  if (!contact.problem.empty()) out["problem"] = contact.problem;
  return out;
}

wire::Json document(const ScreenState& tv) {
  return {{"connected", tv.connected},
          {"state", tv.state},
          {"title", tv.title_id},
          {"name", tv.name},
          {"position_ms", tv.position_ms},
          {"duration_ms", tv.duration_ms},
          {"page", tv.page},
          {"pages", tv.pages},
          {"sentence", tv.sentence},
          {"channel", tv.channel},
          {"lag_ms", tv.lag_ms}};
}

wire::Json document(const Statement::Entry& entry) {
  wire::Json out = {{"index", entry.index},
                    {"at_ms", entry.at_ms},
                    {"kind", entry.kind},
                    {"amount", document(entry.amount)},
                    {"reference", entry.reference}};
  if (!entry.offer.empty()) out["offer"] = entry.offer;
  if (entry.pocket != 0) out["pocket"] = entry.pocket;
  return out;
}

std::uint32_t pocket_argument(wire::Fields& arguments, const char* name) {
  return static_cast<std::uint32_t>(arguments.integer_or(name, 0, wire::max_pocket, 0));
}

wire::Json history_document(const HistoryAlarm& alarm) {
  return {{"sentence", alarm.sentence},
          {"since_ms", alarm.at_ms},
          {"before", lines(alarm.before)},
          {"shown", lines(alarm.shown)}};
}

wire::Json accepted_document(const AcceptedHistory& accepted) {
  return {{"at_ms", accepted.at_ms},
          {"checkpoint", lines(accepted.note)},
          {"alarm", history_document(accepted.alarm)}};
}

wire::Json transfer_document(const Title& title, const TransferProgress& progress,
                             const Delivery* delivery, const Error* trouble) {
  const bool published = title.origin == TitleOrigin::published;
  std::string state = progress.complete ? "seeding" : "fetching";
  if (!published && delivery != nullptr && delivery->state != DeliveryState::done) {
    state = name_of(delivery->state);
  }
  wire::Json out = {{"title", to_hex(title.manifest.title)},
                    {"name", title.manifest.name},
                    {"direction", published ? "out" : "in"},
                    {"done_bytes", progress.done_bytes},
                    {"total_bytes", progress.total_bytes},
                    {"bytes_per_second", progress.bytes_per_second},
                    {"peers", progress.peers},
                    {"seeds", progress.seeds},
                    {"complete", progress.complete},
                    {"has_key", title.key.has_value()},
                    {"state", state}};
  add_problem(out, delivery, trouble, progress.problem);
  return out;
}

wire::Json transfer_document(const Delivery& delivery, const wire::Manifest& manifest,
                             const Error* trouble) {
  wire::Json out = {{"title", delivery.title},
                    {"name", manifest.name},
                    {"direction", "in"},
                    {"done_bytes", 0},
                    {"total_bytes", crypto::age::payload_size(manifest.size)},
                    {"bytes_per_second", 0},
                    {"peers", 0},
                    {"seeds", 0},
                    {"complete", false},
                    {"has_key", false},
                    {"state", name_of(delivery.state)}};
  add_problem(out, &delivery, trouble, std::nullopt);
  return out;
}

wire::Json transfer_document(const MirrorStatus& mirrored) {
  const SwarmStatus& swarm = mirrored.swarm;
  wire::Json out = {{"name", to_hex(mirrored.info_hash)},
                    {"direction", swarm.complete ? "out" : "in"},
                    {"done_bytes", swarm.done_bytes},
                    {"total_bytes", mirrored.size},
                    {"bytes_per_second", swarm.complete ? swarm.up_rate : swarm.down_rate},
                    {"peers", swarm.peers},
                    {"seeds", swarm.seeds},
                    {"complete", swarm.complete},
                    {"state", swarm.complete ? "seeding" : "fetching"}};
  add_problem(out, nullptr, nullptr, swarm.problem);
  return out;
}

}  // namespace hearth::node
