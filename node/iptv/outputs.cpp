#include "node/iptv/outputs.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/net/body.h"
#include "node/iptv/m3u.h"
#include "node/iptv/xmltv.h"

namespace hearth::node {
namespace {

using What = IptvRoute::What;

constexpr std::int64_t guide_ahead_ms = 14 * channels::day_ms;
constexpr std::int64_t segment_patience_ms = 30'000, logo_patience_ms = 3'000;
constexpr int max_guides = 2;
constexpr std::size_t segment_part_bytes = 256 * 1024;

/// Tokens of the same limits share a stream, and see no other.
std::string limits_of(const IptvToken& token) {
  return std::to_string(token.max_age) + (token.with_private ? "" : "-");
}
constexpr std::size_t channels_a_turn = 8;

/// One segment in parts, so that many who watch share its bytes.
class SegmentBody final : public net::Body {
 public:
  explicit SegmentBody(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)) {}
  net::Task<Result<Bytes>> next() override { co_return take(); }
  /// Empty: that was all.
  Bytes take() {
    const ByteView part = ByteView(*bytes_).subspan(at_).first(
        std::min(segment_part_bytes, bytes_->size() - at_));
    at_ += part.size();
    return Bytes(part.begin(), part.end());
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  std::size_t at_ = 0;
};

/// Segment after segment, as long as the token holds; without those that may not be seen any more.
class Watching final : public net::Body {
 public:
  Watching(std::shared_ptr<Feed> feed, std::function<bool()> allowed)
      : feed_(std::move(feed)), allowed_(std::move(allowed)) {
    feed_->enter();
  }
  ~Watching() override {
    feed_->leave();
    if (!feed_->wanted().live) feed_->stop();
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;
  net::Task<Result<Bytes>> next() override {
    if (!began_) {
      const auto first = co_await feed_->wait_for(feed_->first_number(), segment_patience_ms);
      if (!first) co_return pass_on(first.error());
      number_ = feed_->first_number();
      began_ = true;
    }
    Bytes part;
    while (part.empty()) {
      if (!allowed_()) break;
      if (segment_) part = segment_->take();
      if (!part.empty()) break;
      const auto held = co_await feed_->wait_for(number_, segment_patience_ms);
      if (!held) break;
      ++number_;
      segment_.reset();
      if (feed_->may_show(*held)) segment_.emplace(held->bytes);
    }
    co_return part;
  }

 private:
  std::shared_ptr<Feed> feed_;
  std::function<bool()> allowed_;
  std::uint64_t number_ = 0;
  std::optional<SegmentBody> segment_;  ///< under way
  bool began_ = false;
};

}  // namespace

Outputs::Outputs(Rooms rooms, Records& records)
    : rooms_(std::move(rooms)),
      tokens_(records),
      door_(rooms_.loop),
      feeds_({rooms_.loop, rooms_.pool, rooms_.television, rooms_.tv, rooms_.titles, door_,
              rooms_.clock}) {}

net::Task<void> Outputs::stop() {
  feeds_.stop();
  co_await door_.stop();
}

net::Task<net::Response> Outputs::handle(net::Request request, std::string origin) {
  Asked asked;
  asked.route = iptv_route(request.method, request.path);
  asked.from_address = request.remote_ip;
  asked.query = request.query;
  asked.head = request.method == "HEAD";
  // What is wrong with a path is not told to who has no token.
  auto token = tokens_.find(asked.route.token, asked.from_address, rooms_.clock());
  if (!token) co_return net::problem_response(token.error());
  asked.token = std::move(*token);
  asked.base = origin + std::string(iptv_prefix) + asked.route.token;
  auto answered = co_await answer(std::move(asked));
  if (answered) co_return std::move(*answered);
  net::Response refused = net::problem_response(answered.error());
  if (answered.error().code == Code::busy)
    refused.headers["x-hdhomerun-error"] = "805 All Tuners In Use";
  co_return refused;
}

Outputs::Answer Outputs::answer(Asked asked) {
  const IptvRoute& route = asked.route;
  if (!route.channel.empty()) {
    const bool there = rooms_.television.by_id(route.channel) != nullptr;
    if (!there || !asked.token.may_see(route.channel)) {
      co_return fail(Code::not_found, "This token has no such channel. Nothing was done.");
    }
  }
  switch (route.what) {
    case What::xmltv:
      co_return co_await guide(std::move(asked));
    case What::logo:
      co_return co_await logo(std::move(asked));
    case What::playlist:
      co_return co_await playlist(std::move(asked));
    case What::segment:
      co_return co_await segment(std::move(asked));
    case What::live:
    case What::from_start:
    case What::catch_up:
      co_return co_await stream(std::move(asked));
    default:
      co_return document(asked);
  }
}

// Documents.

TunerFace Outputs::face(std::string base) const {
  return {rooms_.device, rooms_.home, std::move(base), static_cast<int>(max_feeds)};
}

std::optional<Bytes> Outputs::discovered(ByteView packet, const std::string& from_address,
                                         const std::string& page) const {
  if (page.empty() || !asks_for_tuner(packet, rooms_.device)) return std::nullopt;
  if (!tokens_.find(by_address, from_address, rooms_.clock())) return std::nullopt;
  return discover_reply(face(page + "iptv/" + std::string(by_address)));
}

net::Response Outputs::document(const Asked& asked) const {
  switch (asked.route.what) {
    case What::m3u: {
      const bool hls = asked.query == "stream=hls";
      return net::text_response("audio/x-mpegurl; charset=utf-8",
                                write_m3u(rooms_.home, channels(asked.token), asked.base,
                                          hls ? StreamForm::hls : StreamForm::ts));
    }
    case What::discover:
      return net::json_response(200, discover_document(face(asked.base)));
    case What::lineup:
      return net::json_response(200, lineup_document(channels(asked.token), asked.base));
    case What::lineup_status:
      return net::json_response(200, lineup_status_document());
    case What::device:
      return net::text_response("application/xml; charset=utf-8",
                                device_document(face(asked.base)));
    default:  // a scan: there is nothing to look for
      return net::text_response("text/plain", "");
  }
}

std::vector<ListedChannel> Outputs::channels(const IptvToken& token) const {
  std::vector<ListedChannel> out;
  const Watcher who = watcher(token.max_age, token.with_private);
  for (const auto* one : rooms_.television.timelines()) {
    const auto& channel = one->channel();
    if (!token.may_see(channel.id)) continue;
    const bool shown =
        !channel.logo.empty() && !is_locked(rooms_.television.media(), channel.logo, who);
    out.push_back({channel.id, channel.number, channel.name, shown});
  }
  return out;
}

std::vector<ListedProgramme> Outputs::programmes(const IptvToken& token, const std::string& channel,
                                                 UtcMs from, UtcMs to) const {
  std::vector<ListedProgramme> out;
  const Watcher who = watcher(token.max_age, token.with_private);
  const auto& media = rooms_.television.media(channel);
  for (const ShownProgramme& one : rooms_.television.guide(channel, from, to)) {
    ListedProgramme row;
    row.start = one.entry.start;
    row.end = one.entry.end;
    const channels::Item* item = channels::item_of(one.of->channel(), one.entry.item);
    // What may not be seen is not named either.
    if (item != nullptr && !is_locked(rooms_.television.media(), *item, who)) {
      row.title = std::string(channels::title_of(one.of->channel(), media, one.entry));
      const channels::Facts* facts = item->media.empty() ? nullptr : media.find(item->media);
      if (facts != nullptr) row.about = facts->description;
      if (facts != nullptr) row.min_age = facts->min_age;
    }
    out.push_back(std::move(row));
  }
  return out;
}

Outputs::Answer Outputs::guide(Asked asked) {
  if (guides_under_way_ >= max_guides) {
    co_return fail(Code::busy,
                   "The guide is being written for others. Nothing is lost; ask again.");
  }
  ++guides_under_way_;
  const auto listed = channels(asked.token);
  XmltvWriter writer(rooms_.home, listed, asked.base);
  const UtcMs now = rooms_.clock();
  for (std::size_t i = 0; i < listed.size(); ++i) {
    writer.add(listed[i],
               programmes(asked.token, listed[i].id, now - catch_up_ms, now + guide_ahead_ms));
    // Many channels are much work: others have their turn in between.
    if (i % channels_a_turn + 1 == channels_a_turn) co_await net::sleep_ms(0);
  }
  --guides_under_way_;
  co_return net::text_response("application/xml; charset=utf-8", writer.finish());
}

Outputs::Answer Outputs::logo(Asked asked) {
  const auto listed = channels(asked.token);
  const bool shown = std::any_of(listed.begin(), listed.end(), [&](const ListedChannel& one) {
    return one.id == asked.route.channel && one.has_logo;
  });
  Bytes png;
  if (shown) png = rooms_.tv.logo(asked.route.channel).png;
  if (shown && png.empty()) {  // it is drawn when it is first asked for
    co_await rooms_.television.changed().wait(logo_patience_ms);
    png = rooms_.tv.logo(asked.route.channel).png;
  }
  if (png.empty()) co_return fail(Code::not_found, "This channel has no logo.");
  net::Response response;
  response.headers["content-type"] = "image/png";
  response.body = std::move(png);
  co_return response;
}

// Streams.

/// As strict as both are: the token, and the profile that the home's screen is under.
Watcher Outputs::watcher(std::int64_t max_age, bool with_private) const {
  Watcher out;
  out.now = rooms_.clock();
  const auto rules = rooms_.rules.rules();
  // Rules that cannot be read let nothing through that has a rating.
  out.max_age = std::min(max_age, rules ? rules->shown_age() : 0);
  out.locked = "This is not for this device.";
  out.names_locked = false;
  if (with_private) return out;
  out.hides = [&titles = rooms_.titles](const std::string& title) {
    const auto id = digest_from_hex(title);
    const auto known = id ? titles.title(*id) : Result<Title>(fail(Code::not_found, ""));
    return known && known->offer_jws.empty();
  };
  return out;
}

std::function<Watcher()> Outputs::watching(const IptvToken& token) const {
  return [this, max_age = token.max_age, with_private = token.with_private] {
    return watcher(max_age, with_private);
  };
}

Result<std::shared_ptr<Feed>> Outputs::feed(const Asked& asked) {
  const IptvRoute& route = asked.route;
  const UtcMs now = rooms_.clock();
  const std::string limits = limits_of(asked.token);
  if (route.what != What::catch_up && route.what != What::from_start)
    return feeds_.live(route.channel, limits, watching(asked.token));
  UtcMs from = route.from, to = route.from + route.length_ms;
  if (route.what == What::from_start) {
    const auto on = rooms_.television.guide(route.channel, now, now + 1);
    if (on.empty()) return fail(Code::not_found, "Nothing is on. Nothing was done.");
    from = on.front().entry.start;
    to = on.front().entry.end;
  }
  if (from > now || from < now - catch_up_ms) {
    return fail(Code::not_found,
                "Only what began in the last seven days can be watched again. Nothing was done.");
  }
  return feeds_.catch_up(route.channel, from, to, watching(asked.token));
}

Outputs::Answer Outputs::stream(Asked asked) {
  net::Response response;
  response.headers["content-type"] = "video/mp2t";
  if (asked.head) co_return response;
  const auto found = feed(asked);
  if (!found) co_return pass_on(found.error());
  response.stream =
      std::make_shared<Watching>(*found, [this, token = asked.token, from = asked.from_address] {
        return tokens_.holds(token, from, rooms_.clock());
      });
  co_return response;
}

Outputs::Answer Outputs::playlist(Asked asked) {
  const auto found = feed(asked);
  if (!found) co_return pass_on(found.error());
  const auto first = co_await (*found)->wait_for((*found)->first_number(), segment_patience_ms);
  if (!first) {
    co_return fail(Code::busy, "The channel is not ready yet. Nothing is lost; ask again.");
  }
  (*found)->touch();
  // Relative to the playlist, so that it is right behind every name of this home.
  co_return net::text_response("application/vnd.apple.mpegurl",
                               write_playlist((*found)->window(), asked.route.channel + "/"));
}

Outputs::Answer Outputs::segment(Asked asked) {
  const auto found = feeds_.running(asked.route.channel, limits_of(asked.token), asked.route.run);
  const Feed::Held* held = found == nullptr ? nullptr : found->find(asked.route.segment);
  if (held == nullptr) {
    co_return fail(Code::not_found, "This part of the channel is over. Load its playlist again.");
  }
  found->touch();
  if (!found->may_show(*held))
    co_return fail(Code::not_found, "This part of the channel is not for this device.");
  net::Response response;
  response.headers["content-type"] = "video/mp2t";
  response.stream_size = static_cast<std::int64_t>(held->bytes->size());
  response.stream = std::make_shared<SegmentBody>(held->bytes);
  co_return response;
}

}  // namespace hearth::node
