#include "ledger/cli/road_tls.h"

#include "common/identity/cards.h"
#include "common/net/client.h"
#include "ledger/cli/watching.h"
#include "ledger/operators/key_file.h"
#include "ledger/operators/roles.h"

namespace hearth::ledger {
namespace {

using wire::Json;
using Answer = std::optional<Result<net::Response>>;

constexpr std::int64_t quick_ms = 60'000;
constexpr std::int64_t long_ms = 60 * 60 * 1000LL;
constexpr std::size_t max_answer = 64 * 1024 * 1024;
constexpr int attempts = 3;

net::Task<void> send(net::Loop& loop, net::PinnedServer server, net::Request request,
                     std::int64_t timeout_ms, std::shared_ptr<Answer> answer) {
  net::ClientLimits limits;
  limits.max_body = max_answer;
  auto response =
      co_await net::https_request(loop, std::move(server), std::move(request), timeout_ms, limits);
  answer->emplace(std::move(response));
  loop.stop();
}

class TlsRoad : public Road {
 public:
  TlsRoad(identity::LedgerCard card, crypto::SignKey key)
      : card_(std::move(card)), key_(std::move(key)) {}

  Result<Json> ask(const Order& order) override {
    return ask_watched(order, [this](const Order& one) { return ask_signed(one); });
  }

 private:
  Result<Json> ask_signed(const Order& order) const {
    SignedOrder content{{}, card_.key, now_ms(), order};
    crypto::random_bytes(content.id.data(), content.id.size());
    const std::string jws = sign_order(content, key_);
    const CommandRule* rule = rule_of(order.command);
    const bool changes = rule && rule->changes;
    const bool slow = is_long_work(order.command);
    Result<net::Response> response = fail(Code::internal, "");
    for (int i = 0; i < attempts; ++i) {
      response = send_once(jws, slow ? long_ms : quick_ms);
      if (response ||
          (response.error().code != Code::unreachable && response.error().code != Code::bad_answer))
        break;
    }
    const bool lost = !response && response.error().code != Code::wrong_pin;
    auto accepted = net::accepted(std::move(response));
    if (!accepted && changes && lost)
      return fail(accepted.error().code,
                  accepted.error().sentence +
                      " Whether it was done is not known; look with `account show` or `operator "
                      "list` before you give the order again. A deposit or withdrawal with the "
                      "same reference is never made twice.");
    if (!accepted) return pass_on(accepted.error());
    return document_of(accepted->body);
  }

  Result<net::Response> send_once(const std::string& jws, std::int64_t timeout_ms) const {
    net::Loop loop;
    net::Request request;
    request.method = "POST";
    request.path = "/v1/operator";
    request.headers["content-type"] = "application/jose";
    request.body = to_bytes(as_bytes(jws));
    net::PinnedServer server{card_.url, card_.pin};
    const auto answer = std::make_shared<Answer>();
    net::spawn(loop, send(loop, std::move(server), std::move(request), timeout_ms, answer),
               "an order to the ledger");
    loop.run();
    if (!*answer) return fail(Code::interrupted, "Stopped before the ledger answered.");
    return std::move(**answer);
  }

  const identity::LedgerCard card_;
  const crypto::SignKey key_;
};

}  // namespace

Result<std::unique_ptr<Road>> open_tls_road(const std::string& card, const std::string& key_file) {
  const auto parsed = identity::parse_ledger_card(card);
  if (!parsed) return pass_on(parsed.error());
  if (key_file.empty())
    return fail(Code::usage,
                "--connect needs --key FILE, an operator's key; `hearth-ledger operator keygen "
                "FILE` makes one.");
  auto key = load_operator_key_file(key_file);
  if (!key) return pass_on(key.error());
  return std::make_unique<TlsRoad>(*parsed, std::move(*key));
}

Result<Json> document_of(const Bytes& body) {
  Json document = Json::parse(body.begin(), body.end(), nullptr, false);
  if (document.is_discarded())
    return fail(Code::bad_answer,
                "The ledger's answer is not JSON; nothing is known to be lost. Are the daemon and "
                "this program of the same version?");
  return document;
}

}  // namespace hearth::ledger
