#include "node/television/channel_file.h"

#include <set>

namespace hearth::node {
namespace {

using channels::Channel;
using channels::ItemKind;

constexpr std::string_view type = "hearth/channel/1";
constexpr std::size_t max_offer = 256 * 1024;

}  // namespace

Result<std::string> write_channel_file(const Channel& channel, const OfferOf& offer_of,
                                       const crypto::SignKey& home, UtcMs now) {
  Channel out = channel;
  out.budget = {};
  out.version = 1;
  out.since = {now, now - 1, {}, {}, {}};
  std::vector<std::string> offers;
  std::set<std::string> put;
  for (auto& list : out.lists) {
    for (auto& item : list.items) {
      if (item.kind != ItemKind::title && item.kind != ItemKind::offer) continue;
      const auto jws = offer_of(item.media);
      if (!jws) continue;
      item.kind = ItemKind::offer;
      item.media = to_hex(crypto::sha256(as_bytes(*jws)));
      if (put.insert(item.media).second) offers.push_back(*jws);
    }
  }
  return sign_channel_file(out, offers, home, now);
}

Result<std::string> sign_channel_file(const Channel& channel,
                                      const std::vector<std::string>& offers,
                                      const crypto::SignKey& home, UtcMs now) {
  std::string document = channels::write_channel(channel);
  if (offers.size() > max_file_offers || document.size() > channels::max_channel_bytes)
    return fail(Code::too_large,
                "The channel is too large for one file: at most 2,000 offers and 8 MiB. Nothing "
                "was written.");
  std::string text = wire::sign_jws(
      type, {{"channel", std::move(document)}, {"offers", offers}, {"issued_ms", now}}, home);
  if (text.size() > max_channel_file)
    return fail(Code::too_large, "The channel is too large for one file. Nothing was written.");
  return text;
}

Result<ChannelFile> read_channel_file(std::string_view text) {
  const auto signed_by = wire::verify_jws(text, type, max_channel_file);
  if (!signed_by) return pass_on(signed_by.error());
  wire::Fields in(signed_by->payload, "channel file");
  const std::string document = in.required_text("channel", channels::max_channel_bytes);
  const wire::Json& offers = in.array("offers", max_file_offers);
  ChannelFile out;
  out.issued_ms = in.integer("issued_ms", 0, std::int64_t{1} << 47);
  if (!in.ok()) return pass_on(in.error());
  out.from.key = signed_by->signer;
  auto channel = channels::read_channel(document);
  if (!channel) return pass_on(channel.error());
  out.channel = std::move(*channel);
  for (const wire::Json& one : offers) {
    if (!one.is_string() || one.get_ref<const std::string&>().size() > max_offer)
      return fail(Code::usage,
                  "The channel file holds something that is no offer. Nothing was "
                  "changed.");
    auto offer = wire::read_offer(one.get_ref<const std::string&>());
    if (!offer) return pass_on(offer.error());
    out.offers.push_back(std::move(*offer));
  }
  return out;
}

}  // namespace hearth::node
