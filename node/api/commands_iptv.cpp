// The devices and programs that may watch this home's channels.
#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/web/host_list.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1024;
constexpr std::int64_t usual_ms = 365 * channels::day_ms;
constexpr std::int64_t latest_ms = std::int64_t{1} << 47;

/// As requests have it; nullopt: it is no address.
std::optional<std::string> address_of(const std::string& text) {
  const bool is_v6 = text.find(':') != std::string::npos;
  const auto host = parse_host(is_v6 ? "[" + text + "]" : text);
  if (!host || !host->is_address) return std::nullopt;
  return host->name;
}

}  // namespace

wire::Json Commands::iptv_document(const IptvToken& token) const {
  wire::Json out = {{"token", token.id()},           {"name", token.name},
                    {"private", token.with_private}, {"made_ms", token.made_ms},
                    {"until_ms", token.until_ms},    {"over", token.until_ms <= now_ms()}};
  if (token.max_age < no_rating_limit) out["max_age"] = token.max_age;
  if (!token.address.empty()) out["address"] = token.address;
  if (token.channels.empty()) return out;
  wire::Json list = wire::Json::array();
  for (const std::string& id : token.channels) {
    const auto* timeline = rooms_.television->by_id(id);
    if (timeline == nullptr) continue;  // deleted since
    list.push_back({{"channel", id},
                    {"number", timeline->channel().number},
                    {"name", timeline->channel().name}});
  }
  out["channels"] = std::move(list);
  return out;
}

Result<std::vector<std::string>> Commands::token_channels(wire::Fields& fields) const {
  std::vector<std::string> out;
  if (!fields.has("channels")) return out;
  for (const wire::Json& one : fields.array("channels", max_token_channels)) {
    if (!one.is_string()) return fail(Code::usage, "Channels are named by texts.");
    const auto found = rooms_.television->find(one.get<std::string>());
    if (!found) return pass_on(found.error());
    out.push_back((*found)->channel().id);
  }
  if (out.empty() && fields.ok())
    return fail(Code::usage, "A token is for all channels, or for some. Nothing was made.");
  return out;
}

Commands::Answer Commands::iptv_create(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const UtcMs now = now_ms();
  IptvToken token;
  token.name = fields.required_text("name", max_argument);
  token.until_ms = fields.integer_or("until_ms", 0, latest_ms, now + usual_ms);
  token.max_age = fields.integer_or("max_age", 0, no_rating_limit, no_rating_limit);
  token.with_private = !fields.boolean_or("no_private", false);
  const std::string address = fields.text("address", max_argument);
  auto some = token_channels(fields);
  if (!fields.ok()) co_return pass_on(fields.error());
  if (!some) co_return pass_on(some.error());
  token.channels = std::move(*some);
  if (!address.empty()) {
    const auto canonical = address_of(address);
    if (!canonical) {
      co_return fail(Code::usage, printable(address) +
                                      " is no network address. Nothing was made; it looks like "
                                      "192.168.1.20.");
    }
    token.address = *canonical;
  }
  const std::string& page = rooms_.phones->url();
  if (page.empty()) {
    co_return fail(Code::not_found,
                   "This home serves no page, so its channels have no address. Nothing was made; "
                   "start hearthd with --listen ADDR:PORT, for example --listen 0.0.0.0:8480.");
  }
  const auto made = rooms_.outputs->tokens().make(std::move(token), now);
  if (!made) co_return pass_on(made.error());
  wire::Json out = iptv_document(made->token);
  const std::string url = page + "iptv/" + made->text;
  out["url"] = url;
  out["m3u"] = url + "/channels.m3u";
  out["xmltv"] = url + "/xmltv.xml";
  if (!made->token.address.empty()) out["tuner"] = page + "iptv/" + std::string(by_address);
  co_return out;
}

Commands::Answer Commands::iptv_list(wire::Json) {
  const auto tokens = rooms_.outputs->tokens().list();
  if (!tokens) co_return pass_on(tokens.error());
  wire::Json list = wire::Json::array();
  for (const IptvToken& one : *tokens) list.push_back(iptv_document(one));
  co_return wire::Json{{"tokens", std::move(list)}};
}

Commands::Answer Commands::iptv_revoke(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.required_text("token", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto gone = rooms_.outputs->tokens().revoke(what);
  if (!gone) co_return pass_on(gone.error());
  co_return iptv_document(*gone);
}

}  // namespace hearth::node
