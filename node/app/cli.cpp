#include "node/app/cli.h"

#include <chrono>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <signal.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/base/files.h"
#include "common/base/log.h"
#include "common/cli/manual.h"
#include "common/net/client.h"
#include "common/wire/shown.h"
#include "node/app/card_input.h"
#include "node/app/cli_cards.h"
#include "node/app/cli_channels.h"
#include "node/app/cli_restore.h"
#include "node/app/cli_secret.h"
#include "node/app/cli_verify.h"
#include "node/app/home_files.h"
#include "node/ledger_link/ledger_link.h"
#include "node/print/card_face.h"

namespace hearth::node {
namespace {

constexpr std::int64_t answer_timeout_ms = 120'000;
constexpr std::size_t max_document = 256 * 1024 * 1024;
constexpr auto ask_again = std::chrono::milliseconds(150);
constexpr auto watch_again = std::chrono::seconds(1);

volatile sig_atomic_t interrupted = 0;
void on_interrupt(int) {
  interrupted = 1;
}

Result<net::Response> ask(const std::filesystem::path& dir, const std::string& method,
                          const std::string& path, const std::string& body) {
  net::Request request;
  request.method = method;
  request.path = path;
  request.body = to_bytes(as_bytes(body));
  request.headers["content-type"] = "application/json";
  auto response = net::unix_request(dir / "hearthd.sock", request, answer_timeout_ms);
  if (response) return net::accepted(std::move(response));
  if (response.error().code != Code::unreachable) return response;
  std::error_code ignored;
  if (!std::filesystem::exists(dir / "ledger.card", ignored)) {
    return fail(Code::not_initialised, "There is no home in " + dir.string() +
                                           ". Make one with: hearth --data DIR init --ledger "
                                           "CARD --name NAME.");
  }
  return fail(Code::unreachable, "No hearthd runs for " + dir.string() +
                                     ". Nothing was done; start it with: hearthd --data DIR.");
}

Result<wire::Json> ask_json(const std::filesystem::path& dir, const std::string& method,
                            const std::string& path, const std::string& body = {}) {
  auto response = ask(dir, method, path, body);
  if (!response) return pass_on(response.error());
  try {
    if (response->body.size() <= max_document) return wire::Json::parse(response->body);
  } catch (const wire::Json::exception&) {
  }
  return fail(Code::bad_answer,
              "hearthd's answer is not one JSON document; hearth and hearthd may "
              "be of different versions.");
}

void draw_progress(const wire::Json& job) {
  const std::uint64_t done = job.value("done", std::uint64_t{0});
  const std::uint64_t total = job.value("total", std::uint64_t{0});
  std::cerr << "\r\033[K" << job.value("step", "");
  if (total > 0) {
    constexpr std::uint64_t width = 30;
    const std::uint64_t full = std::min(done, total) * width / total;
    std::cerr << " [" << std::string(full, '#') << std::string(width - full, '.') << "] "
              << size_text(done) << " of " << size_text(total);
  }
  std::cerr << std::flush;
}

/// Follows a job to its end. Ctrl-C ends the watching, not the job.
Result<wire::Json> follow(const std::filesystem::path& dir, const std::string& id) {
  const bool drawn = ::isatty(STDERR_FILENO) != 0;
  ::signal(SIGINT, on_interrupt);
  for (;;) {
    auto job = ask_json(dir, "GET", "/api/jobs/" + id);
    if (!job && job.error().code == Code::unreachable) {
      return fail(Code::interrupted,
                  "hearthd has stopped. Nothing is lost: it goes on when it runs "
                  "again, and the same command watches again.");
    }
    if (!job) return job;
    const std::string state = job->value("state", "");
    if (drawn) {
      if (state == "running") draw_progress(*job);
      if (state != "running") std::cerr << "\r\033[K" << std::flush;
    }
    if (state == "done") return job->value("result", wire::Json::object());
    if (state != "running") {
      const wire::Json problem = job->value("problem", wire::Json::object());
      return fail(code_from_name(problem.value("code", "")), problem.value("sentence", ""));
    }
    if (interrupted != 0) {
      if (drawn) std::cerr << '\n';
      return fail(Code::interrupted,
                  "No longer watching; hearthd goes on with it. hearth library "
                  "list shows when it is done, and the same command watches "
                  "again.");
    }
    std::this_thread::sleep_for(ask_again);
  }
}

/// Commands that are answered by a file instead of a document.
Result<wire::Json> save_file(const std::filesystem::path& dir, const std::string& command,
                             const std::string& body, const std::string& file) {
  auto response = ask(dir, "POST", "/api/" + command, body);
  if (!response) return pass_on(response.error());
  const auto path = std::filesystem::absolute(file).lexically_normal();
  auto written = write_file_atomic(path, response->body, 0644);
  if (!written) return pass_on(written.error());
  return wire::Json{{"file", path.string()}, {"bytes", response->body.size()}};
}

Result<wire::Json> make(const std::filesystem::path& dir, const wire::Json& arguments) {
  const auto role = role_from_name(arguments.value("role", "home"));
  if (!role) return pass_on(role.error());
  const auto made = make_home(
      dir, {arguments.at("ledger").get<std::string>(), arguments.at("name").get<std::string>(),
            *role, arguments.value("proxy", "")});
  if (!made) return pass_on(made.error());
  return wire::Json{{"home", made->address.text()},
                    {"name", made->name},
                    {"role", made->role == Role::home ? "home" : "seed"},
                    {"ledger", made->ledger_url}};
}

Result<wire::Json> verify(const std::filesystem::path& dir, const Order& order) {
  const wire::Json& arguments = order.arguments;
  if (arguments.contains("receipt") || arguments.contains("proof") || arguments.contains("ledger"))
    return verify_files(arguments);
  if (!order.file.empty() && !arguments.contains("request"))
    return fail(Code::usage, "Which purchase? hearth wallet verify REQUEST --out FILE.");
  auto document = ask_json(dir, "POST", "/api/" + order.command,
                           arguments.dump(-1, ' ', false, wire::Json::error_handler_t::replace));
  if (!document || order.file.empty()) return document;
  auto saved = save_proof(*document, order.file);
  if (!saved) return pass_on(saved.error());
  return document;
}

/// This home's card as a QR code in a file.
Result<wire::Json> save_card(const std::filesystem::path& dir, const Order& order) {
  auto document = ask_json(dir, "POST", "/api/" + order.command, order.arguments.dump());
  if (!document) return document;
  const auto picture = draw_qr_png(document->value("card", ""));
  if (!picture) return pass_on(picture.error());
  const auto path = std::filesystem::absolute(order.file).lexically_normal();
  auto written = write_file_atomic(path, *picture, 0644);
  if (!written) return pass_on(written.error());
  (*document)["file"] = path.string();
  return document;
}

Result<wire::Json> make_card(const std::filesystem::path& dir, const Order& order,
                             const std::string& body) {
  auto possible = check_card_file(order.file);
  if (!possible) return pass_on(possible.error());
  auto document = ask_json(dir, "POST", "/api/" + order.command, body);
  if (!document) return document;
  auto printed = print_card(*document, order.file);
  if (!printed) return pass_on(printed.error());
  return document;
}

Result<wire::Json> attempt(const std::filesystem::path& dir, const Order& order) {
  if (order.command == "contacts-card" && !order.file.empty()) return save_card(dir, order);
  if (order.command == "wallet-verify") return verify(dir, order);
  if (order.command == "init") return make(dir, order.arguments);
  if (order.command == "wallet-restore") return restore_home(dir, order.arguments);
  std::string body;
  try {
    body = order.arguments.dump();
  } catch (const wire::Json::exception&) {
    return fail(Code::usage, "An argument is not valid UTF-8. Nothing was done.");
  }
  if (order.command == "channel-import") {
    const auto with_file = import_body(order);
    if (!with_file) return pass_on(with_file.error());
    return ask_json(dir, "POST", "/api/" + order.command, *with_file);
  }
  if (order.command == "channel-export") {
    auto document = ask_json(dir, "POST", "/api/" + order.command, body);
    if (!document || order.file.empty()) return document;
    return save_channel(std::move(*document), order.file);
  }
  if (order.command == "gift-card") return make_card(dir, order, body);
  if (!order.file.empty()) return save_file(dir, order.command, body, order.file);
  auto document = ask_json(dir, "POST", "/api/" + order.command, body);
  if (!document || !document->contains("job")) return document;
  return follow(dir, document->value("job", ""));
}

/// Asks the person for what the order lacks: a new PIN, or the PIN that the daemon wants for it.
Result<wire::Json> carry_out(const std::filesystem::path& dir, Order order) {
  if (order.command == "pin-set" && !order.arguments.contains("fresh")) {
    auto fresh = ask_new_pin();
    if (!fresh) return pass_on(fresh.error());
    order.arguments["fresh"] = std::move(*fresh);
  }
  auto read = read_card_argument(order);
  if (!read) return pass_on(read.error());
  auto document = attempt(dir, order);
  if (document || document.error().code != Code::pin_needed || order.arguments.contains("pin"))
    return document;
  auto pin = ask_secret(document.error().sentence + "\nPIN: ");
  if (!pin) return document;
  order.arguments["pin"] = std::move(*pin);
  return attempt(dir, order);
}

int report(const GlobalFlags& flags, const Error& error) {
  if (flags.json) {
    const wire::Json document = wire::failure_document(error);
    std::cout << document.dump(2, ' ', false, wire::Json::error_handler_t::replace) << '\n';
  }
  std::cerr << "hearth: " << error.sentence << '\n';
  return 1;
}

int watch_transfers(const std::filesystem::path& dir, const GlobalFlags& flags,
                    const Order& order) {
  ::signal(SIGINT, on_interrupt);
  const bool drawn = ::isatty(STDOUT_FILENO) != 0;
  while (interrupted == 0) {
    const auto document = carry_out(dir, order);
    if (!document) return report(flags, document.error());
    if (drawn) std::cout << "\033[H\033[2J";
    std::cout << story(order.command, *document) << std::flush;
    std::this_thread::sleep_for(watch_again);
  }
  return 0;
}

}  // namespace

int run_hearth(int argc, char** argv) {
  CLI::App app("hearth: publish, buy, give, receive and play at home");
  GlobalFlags flags;
  Order order;
  std::string problem;
  declare_commands(app, flags, order, problem);
  cli::offer_manual(
      app, {"hearth",
            1,
            "2026-11-22",
            "publish, buy, give, receive and play at home",
            "The command line of a home; talks to its hearthd(8).",
            {{"Environment", "HEARTH_HOME names the data directory unless --data does."},
             {"Exit status",
              "0 when it was done; 1 when it was refused or failed, with one sentence on standard "
              "error; 2 for wrong usage. With --json a failure is a document on standard output."}},
            {"hearthd(8)", "hearth-player(1)", "hearth-ledger(1)"}});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << "hearth: " << error.what() << '\n';
    return 2;
  }
  if (!problem.empty() || order.command.empty()) {
    std::cerr << "hearth: " << (problem.empty() ? "Which command? See --help." : problem) << '\n';
    return 2;
  }
  init_log("hearth", "error");
  const std::filesystem::path dir = data_dir(flags.data, "HEARTH_HOME", "hearth");
  if (order.watch && !flags.json) return watch_transfers(dir, flags, order);
  const auto document = carry_out(dir, order);
  if (!document) return report(flags, document.error());
  if (flags.json) {
    std::cout << document->dump(2) << '\n';
  } else {
    std::cout << story(order.command, *document);
  }
  std::cout.flush();
  return document->value("ok", true) ? 0 : 1;  // what was to be verified and is not
}

}  // namespace hearth::node
