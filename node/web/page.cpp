#include "node/web/page.h"

#include "common/base/log.h"
#include "common/base/names.h"
#include "node/web/access.h"
#include "node/web/machine.h"
#include "node/web/web_root.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_phone_name = 1000, max_picture_name = 80, max_card_text = 8 * 1024;
constexpr std::size_t max_values = 300'000;
constexpr int banner_seconds = 8;
constexpr net::Rate phone_rate{50, 200};

net::ServerLimits limits() {
  net::ServerLimits out;
  out.max_body = body_limit_of({});
  out.max_connections = 256;
  out.max_per_address = 64;
  out.max_message = 1024;
  out.requests = {50, 200};
  out.connections = {50, 200};
  return out;
}

std::string wrong_host_sentence(const std::optional<HostPort>& host) {
  return "This home's page is not served under " +
         (host ? "the name " + host->name : std::string("this name")) +
         ". Nothing was done. If the name is yours, allow it on the machine that runs the home: "
         "hearthd --allow-host NAME, or allow_host in its config.toml; else open the page by the "
         "machine's address.";
}

/// Of whoever opens it in a browser. Nothing in it needs escaping: a host's name has letters,
/// digits, dashes and dots.
std::string wrong_host_page(const std::string& sentence) {
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not under this "
         "name</title><h1>Not under this name</h1><p>" +
         sentence + "</p></html>\n";
}

}  // namespace

net::Headers page_headers() {
  return {{"content-security-policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
           "'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
           "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
           "svelte-trusted-html"},
          {"x-content-type-options", "nosniff"},
          {"referrer-policy", "no-referrer"},
          {"cross-origin-opener-policy", "same-origin"},
          {"cross-origin-resource-policy", "same-origin"},
          {"cache-control", "no-store"}};
}

Page::Page(net::Loop& loop, Rooms& rooms, Commands& commands, PageOptions options, HostList hosts)
    : loop_(loop),
      rooms_(rooms),
      commands_(commands),
      options_(std::move(options)),
      hosts_(std::move(hosts)),
      pictures_(rooms.pool),
      card_photos_(rooms.pool),
      rates_(phone_rate, max_phones) {}

Page::~Page() = default;

Result<std::unique_ptr<Page>> Page::start(net::Loop& loop, Rooms& rooms, Commands& commands,
                                          PageOptions options) {
  auto hosts = HostList::make(machine_name(), options.allow_hosts);
  if (!hosts) return pass_on(hosts.error());
  if (!options.web_root.empty()) {
    const auto root = WebRoot::read(options.web_root);
    if (!root) return pass_on(root.error());
  }
  std::unique_ptr<Page> page(
      new Page(loop, rooms, commands, std::move(options), std::move(*hosts)));
  auto listening = page->listen();
  if (!listening) return pass_on(listening.error());
  return page;
}

Result<void> Page::listen() {
  net::Server::Options server;
  server.address = options_.listen.address;
  server.port = options_.listen.port;
  server.limits = limits();
  server.tls = options_.tls;
  server.headers = page_headers();
  server.body_limit = body_limit_of;
  server.refuse_large = [this](const net::Request& request) { return refuse_large(request); };
  server.refuse_upgrade = [this](const net::Request& request) { return refuse_upgrade(request); };
  auto started = net::Server::start(
      loop_, std::move(server), [this](net::Request request) { return handle(std::move(request)); },
      [this](net::Request request, std::shared_ptr<net::WebSocket> socket) {
        return watch(std::move(request), std::move(socket));
      });
  if (!started) return pass_on(started.error());
  server_ = std::move(*started);
  const std::string url =
      page_url(options_.listen.address, server_->port(), hosts_, interface_addresses(), is_tls());
  rooms_.phones->served_at(url);
  spdlog::info("page: {}", url);
  net::spawn(loop_, note_titles(), "changes of titles");
  net::spawn(loop_, note_screen(), "changes of the TV");
  return {};
}

net::Task<void> Page::stop(std::int64_t grace_ms) {
  stopping_ = true;
  rooms_.titles->changed().notify_all();
  rooms_.screen->changed().notify_all();
  rooms_.changes->signal().notify_all();
  co_await server_->stop(grace_ms);
}

std::optional<net::Response> Page::refuse_host(const net::Request& request) const {
  const auto host = parse_host(header_of(request.headers, "host"));
  if (host) {
    const auto own = host->is_address ? interface_addresses() : std::vector<std::string>();
    if (hosts_.allows(*host, own)) return std::nullopt;
  }
  const std::string sentence = wrong_host_sentence(host);
  spdlog::info("page: refused a request for another host");
  const bool wants_page =
      header_of(request.headers, "accept").find("text/html") != std::string::npos;
  if (!wants_page) return net::problem_response({Code::wrong_host, sentence});
  net::Response page = net::text_response("text/html; charset=utf-8", wrong_host_page(sentence));
  page.status = code_http_status(Code::wrong_host);
  return page;
}

std::optional<net::Response> Page::refuse_large(const net::Request& request) const {
  if (auto refused = refuse_host(request)) return refused;
  const auto own = check_write(request.headers, own_origin(request));
  if (!own) return net::problem_response(own.error());
  const auto phone = session_of(request);
  if (!phone) return net::problem_response(phone.error());
  const Route route = route_of(request.method, request.path);
  const auto allowed = route.what == Route::What::card
                           ? check_access(phone->role, "contacts-add", wire::Json::object())
                           : check_access(phone->role, route.word, wire::Json::object());
  if (!allowed) return net::problem_response(allowed.error());
  return std::nullopt;
}

net::Task<net::Response> Page::handle(net::Request request) {
  if (auto refused = refuse_host(request)) co_return std::move(*refused);
  if (request.path.starts_with(iptv_prefix)) {
    std::string origin = own_origin(request);
    co_return co_await rooms_.outputs->handle(std::move(request), std::move(origin));
  }
  Route route = route_of(request.method, request.path);
  const std::string path = request.path;
  auto answered = co_await answer(std::move(route), std::move(request));
  if (answered) co_return std::move(*answered);
  spdlog::debug("page: {}: {}", printable(path), code_name(answered.error().code));
  co_return net::problem_response(answered.error());
}

Page::Answer Page::answer(Route route, net::Request request) {
  using What = Route::What;
  if (route.what == What::health) co_return net::text_response("text/plain", "ok");
  if (route.what == What::file) co_return file(route, request);
  if (route.what == What::nothing || route.what == What::events) {
    co_return fail(Code::not_found, "There is nothing at " + printable(request.path) + ".");
  }
  if (request.method == "POST") {
    auto own = check_write(request.headers, own_origin(request));
    if (!own) co_return pass_on(own.error());
  }
  if (route.what == What::pair) co_return pair(request);
  auto phone = session_of(request);
  if (!phone) co_return pass_on(phone.error());
  if (rates_.take(phone->id, net::steady_ms()) > 0) {
    co_return fail(Code::rate_limited,
                   "This phone asks too often. Nothing was done; wait a moment.");
  }
  if (route.what == What::session) {
    auto response = net::json_response(200, session_document(*phone).dump());
    response.headers["set-cookie"] =
        set_cookie(rooms_.phones->cookie(), token_of(request), is_tls());
    co_return response;
  }
  if (route.what == What::leave) co_return leave(request);
  if (route.what == What::poster || route.what == What::picture) {
    co_return co_await picture(std::move(route), std::move(request), std::move(*phone));
  }
  if (route.what == What::card) co_return co_await card(std::move(request), std::move(*phone));
  co_return co_await command(std::move(route), std::move(request), std::move(*phone));
}

Result<net::Response> Page::file(const Route& route, const net::Request& request) const {
  const auto answer_from = [&](const std::vector<PageFile>& files) -> Result<net::Response> {
    if (const PageFile* found = find_file(files, route.word)) {
      return file_answer(*found, request.headers);
    }
    return fail(Code::not_found,
                "The page has no such file; it may be of another version. Load "
                "the page again.");
  };
  if (options_.web_root.empty()) return answer_from(page_files());
  const auto root = WebRoot::read(options_.web_root);
  if (!root) return pass_on(root.error());
  return answer_from(root->files());
}

std::string Page::token_of(const net::Request& request) const {
  return cookie_of(header_of(request.headers, "cookie"), rooms_.phones->cookie()).value_or("");
}

std::string Page::own_origin(const net::Request& request) const {
  return origin_of(header_of(request.headers, "host"), is_tls());
}

Result<Phone> Page::session_of(const net::Request& request) const {
  return rooms_.phones->by_token(token_of(request), now_ms());
}

wire::Json Page::session_document(const Phone& phone) const {
  wire::Json out = {{"home", rooms_.options.name},
                    {"address", rooms_.keys.address().text()},
                    {"role", name_of(phone.role)},
                    {"phone", {{"id", phone.id}, {"name", phone.name}}},
                    {"language", options_.language}};
  if (!phone.profile.empty()) out["profile"] = phone.profile;
  return out;
}

Result<net::Response> Page::pair(const net::Request& request) {
  const auto arguments = wire::parse_json(request.body, body_limit_of({}));
  if (!arguments) return pass_on(arguments.error());
  wire::Fields fields(*arguments, "arguments");
  const std::string code = fields.text("code", 64);
  const std::string secret = fields.text("secret", 64);
  const std::string name = fields.required_text("name", max_phone_name);
  if (fields.ok() && code.empty() == secret.empty()) {
    fields.refuse("A phone is paired with a code or with a secret. Nothing was done.");
  }
  if (!fields.ok()) return pass_on(fields.error());
  const auto paired = rooms_.phones->pair(code, secret, name, now_ms());
  if (!paired) return pass_on(paired.error());
  rooms_.screen->notify("A phone was paired", paired->phone.name, banner_seconds);
  auto response = net::json_response(200, session_document(paired->phone).dump());
  response.headers["set-cookie"] = set_cookie(rooms_.phones->cookie(), paired->token, is_tls());
  return response;
}

Result<net::Response> Page::leave(const net::Request& request) {
  auto left = rooms_.phones->leave(token_of(request));
  if (!left) return pass_on(left.error());
  auto response = net::json_response(200, "{}");
  response.headers["set-cookie"] = set_cookie(rooms_.phones->cookie(), {}, is_tls());
  return response;
}

Page::Answer Page::command(Route route, net::Request request, Phone phone) {
  if (route.what == Route::What::job) {
    if (!is_grown_up(phone.role)) {
      co_return fail(Code::not_allowed, "This phone may not see that. Nothing was done.");
    }
    co_return co_await commands_.handle(std::move(request));
  }
  wire::Json arguments = wire::Json::object();
  if (!request.body.empty()) {
    auto parsed =
        wire::parse_json(request.body, wire::JsonLimits{body_limit_of(request.path), max_values});
    if (!parsed) co_return pass_on(parsed.error());
    arguments = std::move(*parsed);
  }
  auto allowed = check_access(phone.role, route.word, arguments);
  if (!allowed) co_return pass_on(allowed.error());
  if (phone.profile.empty()) co_return co_await commands_.handle(std::move(request));
  Commands seen(loop_, rooms_, phone.profile);
  co_return co_await seen.handle(std::move(request));
}

Page::Answer Page::picture(Route route, net::Request request, Phone phone) {
  Commands seen(loop_, rooms_, phone.profile);
  std::string id = route.word;
  Result<Bytes> source = Bytes();
  if (route.what == Route::What::poster) {
    source = co_await seen.poster(std::move(id));
  } else {
    source = seen.gift_picture(id);
  }
  if (!source) co_return pass_on(source.error());
  auto made = co_await pictures_.make(std::move(*source));
  if (!made) co_return pass_on(made.error());
  net::Response response;
  response.headers["etag"] = made->tag;
  response.headers["cache-control"] = "private, no-cache";
  if (matches_tag(header_of(request.headers, "if-none-match"), made->tag)) {
    response.status = 304;
    co_return response;
  }
  response.headers["content-type"] = "image/jpeg";
  response.body = std::move(made->jpeg);
  co_return response;
}

/// For whoever may add a home or claim a card.
Page::Answer Page::card(net::Request request, Phone phone) {
  auto allowed = check_access(phone.role, "contacts-add", wire::Json::object());
  if (!allowed) co_return pass_on(allowed.error());
  const auto arguments = wire::parse_json(request.body, body_limit_of(request.path));
  if (!arguments) co_return pass_on(arguments.error());
  wire::Fields fields(*arguments, "arguments");
  Bytes picture = fields.base64url("picture", max_card_photo);
  std::string name = printable(fields.text("name", max_phone_name), max_picture_name);
  if (!fields.ok()) co_return pass_on(fields.error());
  if (name.empty()) name = "The picture";
  auto text = co_await card_photos_.read(std::move(picture), std::move(name));
  if (!text) co_return pass_on(text.error());
  co_return net::json_response(200, wire::Json{{"text", printable(*text, max_card_text)}}.dump());
}

}  // namespace hearth::node
