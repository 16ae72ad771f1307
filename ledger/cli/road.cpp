#include "ledger/cli/road.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "common/base/config.h"
#include "common/base/files.h"
#include "common/net/client.h"
#include "ledger/admin/admin.h"
#include "ledger/cli/road_tls.h"
#include "ledger/cli/watching.h"
#include "ledger/engine/books_store.h"
#include "ledger/operators/roles.h"

namespace hearth::ledger {
namespace {

using wire::Json;

constexpr std::int64_t quick_ms = 60'000;
constexpr std::int64_t long_ms = 24 * 60 * 60 * 1000LL;
constexpr std::size_t max_card_file = 4096;
constexpr auto patience = std::chrono::seconds(10);

class SocketRoad : public Road {
 public:
  explicit SocketRoad(std::filesystem::path socket) : socket_(std::move(socket)) {}

  /// Whether a daemon answers; a socket that one left behind does not.
  bool answers() const {
    std::error_code ignored;
    if (!std::filesystem::exists(socket_, ignored)) return false;
    net::Request request;
    request.path = "/healthz";
    const auto response = net::unix_request(socket_, std::move(request), quick_ms);
    return response || response.error().code != Code::unreachable;
  }

  Result<Json> ask(const Order& order) override {
    return ask_watched(order, [this](const Order& one) { return ask_once(one); });
  }

 private:
  Result<Json> ask_once(const Order& order) const {
    net::Request request;
    request.method = "POST";
    request.path = "/admin/" + order.command;
    request.headers["content-type"] = "application/json";
    request.body = to_bytes(as_bytes(order.args.dump()));
    const bool slow = is_long_work(order.command);
    auto accepted =
        net::accepted(net::unix_request(socket_, std::move(request), slow ? long_ms : quick_ms));
    if (!accepted) return pass_on(accepted.error());
    return document_of(accepted->body);
  }

  std::filesystem::path socket_;
};

/// The books, opened by this process; the engine only once something is to be changed.
class HereRoad : public Road {
 public:
  static Result<std::unique_ptr<Road>> open(const LedgerDir& dir) {
    std::error_code ignored;
    if (!std::filesystem::exists(dir.books(), ignored))
      return fail(Code::not_initialised, "There is no ledger in " + dir.root.string() +
                                             " yet. Start `hearth-ledgerd --data " +
                                             dir.root.string() + "` once.");
    if (auto is_private = ensure_private_dir(dir.root); !is_private)
      return pass_on(is_private.error());
    auto lock = DirLock::take(dir.root, std::chrono::milliseconds(200));
    if (!lock) return pass_on(lock.error());
    auto store = open_books(dir.books());
    if (!store) return pass_on(store.error());
    return std::make_unique<HereRoad>(dir, std::move(*lock), std::move(*store));
  }

  HereRoad(LedgerDir dir, DirLock lock, std::unique_ptr<store::Store> store)
      : dir_(std::move(dir)), lock_(std::move(lock)), store_(std::move(store)) {}

  Result<Json> ask(const Order& order) override {
    const CommandRule* rule = rule_of(order.command);
    if (rule && rule->changes && !engine_) {
      Engine::Options options;
      options.currencies.clear();
      auto started = Engine::start(*store_, options);
      if (!started) return pass_on(started.error());
      engine_ = std::move(*started);
    }
    AdminContext context{dir_, *store_};
    context.engine = engine_.get();
    context.progress = show_progress;
    return run_admin(context, order.command, order.args);
  }

 private:
  LedgerDir dir_;
  DirLock lock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

void show_progress(std::uint64_t done, std::uint64_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, done >= total ? "\r\033[K" : "\raudit: record %llu of %llu",
               static_cast<unsigned long long>(done), static_cast<unsigned long long>(total));
}

Result<std::string> card_text_of(const std::string& text) {
  if (text.starts_with("hearth-ledger:")) return text;
  const auto bytes = read_file(text, max_card_file);
  if (!bytes) return pass_on(bytes.error());
  std::string card(as_text(*bytes));
  while (!card.empty() && std::string_view(" \t\r\n").find(card.back()) != std::string_view::npos)
    card.pop_back();
  return card;
}

Result<std::unique_ptr<Road>> open_road(const Invocation& invocation) {
  if (!invocation.connect.empty()) {
    const auto card = card_text_of(invocation.connect);
    if (!card) return pass_on(card.error());
    return open_tls_road(*card, invocation.key_file);
  }
  if (!invocation.key_file.empty())
    return fail(Code::usage, "--key goes with --connect; at the ledger itself none is needed.");
  const LedgerDir dir{data_dir(invocation.data, "HEARTH_LEDGER_HOME", "hearth-ledger")};
  // A daemon that has just been started holds the books before it listens, and one that is ending
  // the other way round: both roads are tried until one is open.
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto socket = std::make_unique<SocketRoad>(dir.admin_socket());
    if (socket->answers()) return socket;
    auto here = HereRoad::open(dir);
    if (here || here.error().code != Code::locked) return here;
    if (std::chrono::steady_clock::now() > deadline) return here;
  }
}

}  // namespace hearth::ledger
