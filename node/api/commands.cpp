#include "node/api/commands.h"

#include "common/base/log.h"
#include "common/base/names.h"
#include "node/television/channel_file.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_arguments = 1024 * 1024;
/// A channel as a file, as a string.
constexpr std::size_t max_import = 2 * max_channel_file;

/// What a seed server answers; everything else needs a home.
bool is_for_seeds(const std::string& command) {
  return command == "id" || command == "status" || command == "transfers";
}

}  // namespace

const std::map<std::string, Commands::Command>& Commands::table() {
  static const std::map<std::string, Command> commands = {
      {"id", &Commands::id},
      {"status", &Commands::status},
      {"transfers", &Commands::transfers},
      {"contacts-card", &Commands::contacts_card},
      {"contacts-add", &Commands::contacts_add},
      {"contacts-list", &Commands::contacts_list},
      {"contacts-accept", &Commands::contacts_accept},
      {"contacts-decline", &Commands::contacts_decline},
      {"contacts-remove", &Commands::contacts_remove},
      {"contacts-rename", &Commands::contacts_rename},
      {"contacts-mute", &Commands::contacts_mute},
      {"contacts-unmute", &Commands::contacts_unmute},
      {"contacts-reception", &Commands::contacts_reception},
      {"contacts-block", &Commands::contacts_block},
      {"contacts-unblock", &Commands::contacts_unblock},
      {"directory-publish", &Commands::directory_publish},
      {"directory-show", &Commands::directory_show},
      {"directory-clear", &Commands::directory_clear},
      {"rules-show", &Commands::rules_show},
      {"rules-set", &Commands::rules_set},
      {"profile-add", &Commands::profile_add},
      {"profile-list", &Commands::profile_list},
      {"profile-use", &Commands::profile_use},
      {"profile-remove", &Commands::profile_remove},
      {"pin-set", &Commands::pin_set},
      {"pin-clear", &Commands::pin_clear},
      {"library-add", &Commands::library_add},
      {"library-list", &Commands::library_list},
      {"library-remove", &Commands::library_remove},
      {"library-fetch", &Commands::library_fetch},
      {"publish", &Commands::publish},
      {"play", &Commands::play},
      {"stop", &Commands::stop},
      {"remote", &Commands::remote},
      {"channel-create", &Commands::channel_create},
      {"channel-list", &Commands::channel_list},
      {"channel-show", &Commands::channel_show},
      {"channel-set", &Commands::channel_set},
      {"channel-add", &Commands::channel_add},
      {"channel-schedule", &Commands::channel_schedule},
      {"channel-fill", &Commands::channel_fill},
      {"channel-move", &Commands::channel_move},
      {"channel-remove", &Commands::channel_remove},
      {"channel-repeat", &Commands::channel_repeat},
      {"channel-skip", &Commands::channel_skip},
      {"channel-edit", &Commands::channel_edit},
      {"channel-check", &Commands::channel_check},
      {"channel-undo", &Commands::channel_undo},
      {"channel-versions", &Commands::channel_versions},
      {"channel-delete", &Commands::channel_delete},
      {"channel-export", &Commands::channel_export},
      {"channel-import", &Commands::channel_import},
      {"channel-share", &Commands::channel_share},
      {"channel-unshare", &Commands::channel_unshare},
      {"channel-subscribe", &Commands::channel_subscribe},
      {"channel-offers", &Commands::channel_offers},
      {"channel-accept", &Commands::channel_accept},
      {"channel-decline", &Commands::channel_decline},
      {"guide", &Commands::guide},
      {"tune", &Commands::tune},
      {"iptv-create", &Commands::iptv_create},
      {"iptv-list", &Commands::iptv_list},
      {"iptv-revoke", &Commands::iptv_revoke},
      {"catalogue", &Commands::catalogue},
      {"buy", &Commands::buy},
      {"wallet-balance", &Commands::wallet_balance},
      {"wallet-history", &Commands::wallet_history},
      {"wallet-vouchers", &Commands::wallet_vouchers},
      {"wallet-verify", &Commands::wallet_verify},
      {"wallet-alarm", &Commands::wallet_alarm},
      {"wallet-alarm-accept", &Commands::wallet_alarm_accept},
      {"wallet-refund", &Commands::wallet_refund},
      {"wallet-transfer", &Commands::wallet_transfer},
      {"gift-send", &Commands::gift_send},
      {"gift-list", &Commands::gift_list},
      {"gift-accept", &Commands::gift_accept},
      {"gift-decline", &Commands::gift_decline},
      {"gift-show", &Commands::gift_show},
      {"gift-thank", &Commands::gift_thank},
      {"gift-take-back", &Commands::gift_take_back},
      {"gift-wish", &Commands::gift_wish},
      {"gift-wishes", &Commands::gift_wishes},
      {"gift-grant", &Commands::gift_grant},
      {"wallet-seed", &Commands::wallet_seed},
      {"gift-card", &Commands::gift_card},
      {"gift-cards", &Commands::gift_cards},
      {"gift-claim", &Commands::gift_claim},
      {"pair-open", &Commands::pair_open},
      {"pair-close", &Commands::pair_close},
      {"phones-list", &Commands::phones_list},
      {"phones-rename", &Commands::phones_rename},
      {"phones-remove", &Commands::phones_remove},
  };
  return commands;
}

std::vector<std::string> Commands::names() {
  std::vector<std::string> out;
  for (const auto& [name, command] : table()) out.push_back(name);
  return out;
}

std::size_t Commands::body_limit(std::string_view path) {
  const bool large = path == "/api/channel-import" || path == "/api/channel-edit";
  return large ? max_import : max_arguments;
}

net::Task<net::Response> Commands::handle(net::Request request) {
  auto answered = co_await answer(std::move(request));
  if (answered) co_return std::move(*answered);
  spdlog::debug("api: {}: {}", code_name(answered.error().code), answered.error().sentence);
  co_return net::problem_response(answered.error());
}

net::Task<Result<net::Response>> Commands::answer(net::Request request) {
  const auto parts = net::path_parts(request.path);
  if (request.method == "GET" && parts.size() == 3 && parts[0] == "api" && parts[1] == "jobs") {
    const auto job = jobs_.find(parts[2]);
    if (!job) co_return pass_on(job.error());
    co_return net::json_response(200, (*job)->document().dump());
  }
  if (request.method != "POST" || parts.size() != 2 || parts[0] != "api") {
    co_return fail(Code::not_found, "There is nothing at " + printable(request.path) + ".");
  }
  const std::string command = parts[1];
  if (rooms_.options.role == Role::seed && !is_for_seeds(command)) {
    co_return fail(Code::usage,
                   "This is a seed server: it has no wallet, library or TV. It "
                   "answers id, status and transfers.");
  }
  if (command == "screenshot") co_return co_await screenshot();
  const auto found = table().find(command);
  if (found == table().end() && command != "torrent") {
    co_return fail(Code::not_found, "This hearthd knows no command " + printable(command) +
                                        "; hearth and hearthd may be of different versions.");
  }
  wire::Json arguments = wire::Json::object();
  if (!request.body.empty()) {
    wire::JsonLimits limits;
    limits.max_bytes = body_limit(request.path);
    limits.max_values = 300'000;
    auto parsed = wire::parse_json(request.body, limits);
    if (!parsed) co_return pass_on(parsed.error());
    arguments = std::move(*parsed);
  }
  if (!arguments.is_object()) {
    co_return fail(Code::usage, "A command's arguments are one JSON object.");
  }
  if (command == "torrent") co_return co_await torrent(std::move(arguments));
  auto document = co_await (this->*found->second)(std::move(arguments));
  if (!document) co_return pass_on(document.error());
  co_return net::json_response(200, document->dump());
}

}  // namespace hearth::node
