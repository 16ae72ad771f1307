#include "node/ledger_link/ledger_link.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/wire/receipt_proof.h"
#include "node/ledger_link/key_list.h"
#include "node/ledger_link/ledger_answers.h"

namespace hearth::node {
namespace {

constexpr std::int64_t short_timeout_ms = 15'000;
constexpr std::int64_t long_timeout_ms = 60'000;
constexpr UtcMs keys_fresh_ms = 10 * 60 * 1000;
constexpr std::string_view keys_record = "ledger/keys";
constexpr std::size_t max_torrent = 6 * 1024 * 1024;

net::Request request_of(std::string method, std::string path, std::string body = {},
                        const std::string& type = "application/json") {
  net::Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  if (!body.empty()) {
    request.body = to_bytes(as_bytes(body));
    request.headers["content-type"] = type;
  }
  return request;
}

net::Request jose_request(std::string method, std::string path, std::string jws) {
  return request_of(std::move(method), std::move(path), std::move(jws), "application/jose");
}

class PinnedLedger final : public LedgerLink {
 public:
  PinnedLedger(net::Loop& loop, identity::LedgerCard card, const identity::HomeKeys& home,
               Records* records, std::optional<net::Proxy> proxy)
      : loop_(loop),
        card_(std::move(card)),
        server_{card_.url, card_.pin, std::move(proxy)},
        home_(home),
        records_(records),
        history_(*this, records, card_.key) {}

  const identity::LedgerCard& card() const override { return card_; }
  const std::string& trouble() const override { return trouble_; }

  net::Task<Result<wire::LedgerKeys>> keys(bool fresh) override;
  net::Task<Result<void>> register_home(std::string name, std::vector<DeviceId> devices) override;
  net::Task<Result<Statement>> statement(std::uint64_t after, int limit) override;
  net::Task<Result<CataloguePage>> offers(std::string search, std::string after) override;
  net::Task<Result<CatalogueEntry>> offer(wire::OfferId id) override;
  net::Task<Result<void>> post_offer(std::string offer_jws, Bytes sealed_key) override;
  net::Task<Result<Bytes>> torrent(wire::InfoHash id) override;
  net::Task<Result<void>> post_torrent(wire::InfoHash id, Bytes torrent) override;
  net::Task<Result<std::string>> purchase(std::string request_jws) override;
  net::Task<Result<std::string>> stored_purchase(wire::RequestId request,
                                                 crypto::BoxKey key) override;
  net::Task<Result<Redeemed>> redeem(std::string redemption_jws) override;
  net::Task<Result<std::string>> exchange(std::string exchange_jws) override;
  net::Task<Result<std::string>> exchanged(wire::RequestId request) override;
  net::Task<Result<std::string>> voucher_state(wire::VoucherInput input) override;
  net::Task<Result<Refunded>> refund(std::string refund_jws) override;
  net::Task<Result<Transferred>> transfer(std::string transfer_jws) override;
  net::Task<Result<std::string>> log_checkpoint() override;
  net::Task<Result<tlog::Proof>> log_consistency(std::uint64_t from, std::uint64_t to) override;
  net::Task<Result<std::vector<EpochProof>>> log_epochs() override;
  net::Task<Result<std::string>> purchase_proof(wire::RequestId request,
                                                crypto::BoxKey key) override;
  net::Task<Result<void>> publish_directory(std::string directory_jws) override;
  net::Task<Result<Found>> find_home(wire::DirectoryEntry entry) override;
  History& history() override { return history_; }
  net::Task<Result<void>> drop(crypto::SignPublicKey mailbox, identity::DropToken token,
                               Bytes sealed, std::string idempotency_key) override;
  net::Task<Result<void>> open_mailbox(std::vector<identity::DropToken> tokens,
                                       Bytes sealed_notebook) override;
  net::Task<Result<Bytes>> notebook() override;
  net::Task<Result<std::shared_ptr<net::WebSocket>>> mailbox_events() override;

 private:
  net::Task<Result<net::Response>> call(net::Request request, std::int64_t timeout_ms,
                                        std::size_t max_body = 1024 * 1024);
  void note(const Error* error);
  Result<std::optional<wire::LedgerKeys>> remembered() const;
  /// That each of them is in the journal.
  net::Task<Result<void>> find_in_journal(std::vector<wire::LedgerKeys::Epoch> epochs);

  net::Loop& loop_;
  identity::LedgerCard card_;
  net::PinnedServer server_;
  const identity::HomeKeys& home_;
  Records* records_;
  History history_;
  std::optional<wire::LedgerKeys> keys_;
  UtcMs keys_at_ms_ = 0;
  std::string trouble_;
};

void PinnedLedger::note(const Error* error) {
  const bool away =
      error != nullptr && (error->code == Code::unreachable || error->code == Code::timeout ||
                           error->code == Code::wrong_pin || error->code == Code::proxy_failed);
  if (away && trouble_.empty()) spdlog::warn("ledger: {}", error->sentence);
  if (!away && !trouble_.empty()) spdlog::info("ledger: answers again");
  trouble_ = away ? error->sentence : std::string();
}

net::Task<Result<net::Response>> PinnedLedger::call(net::Request request, std::int64_t timeout_ms,
                                                    std::size_t max_body) {
  net::ClientLimits limits;
  limits.max_body = max_body;
  Result<net::Response> response =
      co_await net::https_request(loop_, server_, std::move(request), timeout_ms, limits);
  note(response ? nullptr : &response.error());
  co_return net::accepted(std::move(response));
}

Result<std::optional<wire::LedgerKeys>> PinnedLedger::remembered() const {
  if (keys_ || records_ == nullptr) return keys_;
  auto stored = records_->get(keys_record);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<wire::LedgerKeys>();
  auto keys = wire::read_ledger_keys(as_text(**stored), card_.key);
  if (!keys) return damaged("list of the ledger's keys");
  return std::optional(std::move(*keys));
}

net::Task<Result<wire::LedgerKeys>> PinnedLedger::keys(bool fresh) {
  if (!fresh && keys_ && now_ms() - keys_at_ms_ < keys_fresh_ms) co_return *keys_;
  auto response = co_await call(request_of("GET", "/v1/keys"), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  auto shown = wire::read_ledger_keys(as_text(response->body), card_.key);
  if (!shown) co_return pass_on(shown.error());
  const auto known = remembered();
  if (!known) co_return pass_on(known.error());
  auto good = check_key_list(card_, *known, *shown);
  if (!good) {
    spdlog::critical("ledger: {}", good.error().sentence);
    co_return pass_on(good.error());
  }
  std::vector<wire::LedgerKeys::Epoch> fresh_epochs = new_epochs(*known, *shown);
  auto found = co_await find_in_journal(std::move(fresh_epochs));
  if (!found) co_return pass_on(found.error());
  if (records_ != nullptr) {
    store::Batch batch;
    put(batch, keys_record, response->body);
    auto stored = records_->commit(batch);
    if (!stored) co_return pass_on(stored.error());
  }
  keys_ = *shown;
  keys_at_ms_ = now_ms();
  co_return std::move(*shown);
}

net::Task<Result<void>> PinnedLedger::find_in_journal(std::vector<wire::LedgerKeys::Epoch> epochs) {
  if (epochs.empty()) co_return Result<void>();
  const auto published = co_await log_epochs();
  if (!published) co_return pass_on(published.error());
  for (const auto& epoch : epochs) {
    const auto found = std::find_if(published->begin(), published->end(),
                                    [&](const auto& one) { return one.epoch == epoch.epoch; });
    const std::string name = "The ledger lists a key of epoch " + std::to_string(epoch.epoch);
    if (found == published->end())
      co_return history_.raise(name + " that is not in its public journal.", {}, {});
    const auto checkpoint = wire::check_epoch_proof(epoch, found->proof, card_.key);
    if (!checkpoint)
      co_return history_.raise(name + ", and its journal does not prove it.", {}, found->proof);
    std::string note = tlog::parse_proof(found->proof)->checkpoint;
    const auto believed = co_await history_.believe(std::move(note));
    if (!believed) co_return pass_on(believed.error());
  }
  co_return Result<void>();
}

net::Task<Result<std::string>> PinnedLedger::log_checkpoint() {
  auto response = co_await call(request_of("GET", "/v1/log/checkpoint"), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return std::string(as_text(response->body));
}

net::Task<Result<tlog::Proof>> PinnedLedger::log_consistency(std::uint64_t from, std::uint64_t to) {
  net::Request request = request_of("GET", "/v1/log/consistency");
  request.query = "from=" + std::to_string(from) + "&to=" + std::to_string(to);
  auto response = co_await call(std::move(request), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_log_consistency(response->body);
}

net::Task<Result<std::vector<EpochProof>>> PinnedLedger::log_epochs() {
  auto response =
      co_await call(request_of("GET", "/v1/log/epochs"), short_timeout_ms, 32 * 1024 * 1024);
  if (!response) co_return pass_on(response.error());
  co_return read_log_epochs(response->body);
}

net::Task<Result<std::string>> PinnedLedger::purchase_proof(wire::RequestId id,
                                                            crypto::BoxKey key) {
  auto response =
      co_await call(request_of("GET", "/v1/purchases/" + to_hex(id) + "/proof"), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_perhaps_sealed(response->body, key);
}

net::Task<Result<void>> PinnedLedger::register_home(std::string name,
                                                    std::vector<DeviceId> devices) {
  wire::Json ids = wire::Json::array();
  for (const auto& device : devices) ids.push_back(to_hex(device));
  wire::Json fields = {{"home", home_.address().text()}, {"name", std::move(name)}};
  if (!ids.empty()) fields["devices"] = std::move(ids);
  const wire::Json payload = wire::with_issued(std::move(fields), now_ms());
  auto response = co_await call(
      jose_request("POST", "/v1/homes", wire::sign_jws("hearth/home/1", payload, home_.identity())),
      short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<void>> PinnedLedger::publish_directory(std::string directory_jws) {
  auto response = co_await call(jose_request("PUT", "/v1/directory", std::move(directory_jws)),
                                short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<Found>> PinnedLedger::find_home(wire::DirectoryEntry entry) {
  const std::string path = "/v1/directory/" + std::string(wire::directory_kind_name(entry.kind)) +
                           "/" + net::percent_encode(as_bytes(entry.value));
  auto response = co_await call(request_of("GET", path), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_found(response->body);
}

net::Task<Result<Statement>> PinnedLedger::statement(std::uint64_t after, int limit) {
  const wire::Json payload = wire::with_issued(
      {{"home", home_.address().text()}, {"after", after}, {"limit", limit}}, now_ms());
  auto response =
      co_await call(jose_request("POST", "/v1/statement",
                                 wire::sign_jws("hearth/statement/1", payload, home_.identity())),
                    short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_statement(response->body);
}

net::Task<Result<CataloguePage>> PinnedLedger::offers(std::string search, std::string after) {
  net::Request request = request_of("GET", "/v1/offers");
  request.query = "limit=50";
  if (!search.empty()) request.query += "&search=" + net::percent_encode(as_bytes(search));
  if (!after.empty()) request.query += "&after=" + net::percent_encode(as_bytes(after));
  auto response = co_await call(std::move(request), short_timeout_ms, 32 * 1024 * 1024);
  if (!response) co_return pass_on(response.error());
  co_return read_catalogue_page(response->body);
}

net::Task<Result<CatalogueEntry>> PinnedLedger::offer(wire::OfferId id) {
  auto response = co_await call(request_of("GET", "/v1/offers/" + to_hex(id)), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_catalogue_entry(response->body, id);
}

net::Task<Result<void>> PinnedLedger::post_offer(std::string offer_jws, Bytes sealed_key) {
  const wire::Json body = {{"offer", std::move(offer_jws)},
                           {"sealed_key", to_base64url(sealed_key)}};
  auto response = co_await call(request_of("POST", "/v1/offers", body.dump()), long_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<Bytes>> PinnedLedger::torrent(wire::InfoHash id) {
  auto response =
      co_await call(request_of("GET", "/v1/torrents/" + to_hex(id)), long_timeout_ms, max_torrent);
  if (!response) co_return pass_on(response.error());
  co_return std::move(response->body);
}

net::Task<Result<void>> PinnedLedger::post_torrent(wire::InfoHash id, Bytes torrent) {
  const wire::Json payload =
      wire::with_issued({{"home", home_.address().text()},
                         {"info_hash", to_hex(id)},
                         {"torrent_sha256", to_hex(crypto::sha256(torrent))}},
                        now_ms());
  const wire::Json body = {
      {"announcement", wire::sign_jws("hearth/torrent/1", payload, home_.identity())},
      {"torrent", to_base64url(torrent)}};
  auto response = co_await call(request_of("POST", "/v1/torrents", body.dump()), long_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<std::string>> PinnedLedger::purchase(std::string request_jws) {
  auto response = co_await call(jose_request("POST", "/v1/purchases", std::move(request_jws)),
                                short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return std::string(as_text(response->body));
}

net::Task<Result<Redeemed>> PinnedLedger::redeem(std::string redemption_jws) {
  auto response = co_await call(jose_request("POST", "/v1/redemptions", std::move(redemption_jws)),
                                short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_redeemed(response->body);
}

net::Task<Result<std::string>> PinnedLedger::stored_purchase(wire::RequestId id,
                                                             crypto::BoxKey key) {
  auto response = co_await call(request_of("GET", "/v1/purchases/" + to_hex(id)), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_perhaps_sealed(response->body, key);
}

net::Task<Result<std::string>> PinnedLedger::exchange(std::string exchange_jws) {
  auto response = co_await call(jose_request("POST", "/v1/exchanges", std::move(exchange_jws)),
                                short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return std::string(as_text(response->body));
}

net::Task<Result<std::string>> PinnedLedger::exchanged(wire::RequestId id) {
  auto response = co_await call(request_of("GET", "/v1/exchanges/" + to_hex(id)), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return std::string(as_text(response->body));
}

net::Task<Result<std::string>> PinnedLedger::voucher_state(wire::VoucherInput input) {
  auto response =
      co_await call(request_of("GET", "/v1/vouchers/" + to_hex(input)), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_voucher_state(response->body);
}

net::Task<Result<Refunded>> PinnedLedger::refund(std::string refund_jws) {
  auto response =
      co_await call(jose_request("POST", "/v1/refunds", std::move(refund_jws)), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_refunded(response->body);
}

net::Task<Result<Transferred>> PinnedLedger::transfer(std::string transfer_jws) {
  auto response = co_await call(jose_request("POST", "/v1/transfers", std::move(transfer_jws)),
                                short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return read_transferred(response->body);
}

net::Task<Result<void>> PinnedLedger::drop(crypto::SignPublicKey mailbox, identity::DropToken token,
                                           Bytes sealed, std::string idempotency_key) {
  net::Request request = request_of("POST", "/v1/mailboxes/" + to_base64url(mailbox) + "/drops");
  request.headers["content-type"] = "application/octet-stream";
  request.headers["hearth-drop-token"] = to_base64url(token);
  request.headers["idempotency-key"] = std::move(idempotency_key);
  request.body = std::move(sealed);
  auto response = co_await call(std::move(request), short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<void>> PinnedLedger::open_mailbox(std::vector<identity::DropToken> tokens,
                                                   Bytes sealed_notebook) {
  wire::Json hashes = wire::Json::array();
  for (const auto& token : tokens) hashes.push_back(to_hex(crypto::sha256(token)));
  const std::string mailbox = to_base64url(home_.mailbox().public_key());
  const wire::Json payload = wire::with_issued({{"mailbox", mailbox},
                                                {"drop_tokens", std::move(hashes)},
                                                {"notebook", to_base64url(sealed_notebook)}},
                                               now_ms());
  auto response =
      co_await call(jose_request("PUT", "/v1/mailboxes/" + mailbox,
                                 wire::sign_jws("hearth/mailbox/1", payload, home_.mailbox())),
                    short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return Result<void>();
}

net::Task<Result<Bytes>> PinnedLedger::notebook() {
  const std::string mailbox = to_base64url(home_.mailbox().public_key());
  const wire::Json payload = wire::with_issued({{"mailbox", mailbox}}, now_ms());
  auto response =
      co_await call(jose_request("POST", "/v1/mailboxes/" + mailbox + "/notebook",
                                 wire::sign_jws("hearth/notebook/1", payload, home_.mailbox())),
                    short_timeout_ms);
  if (!response) co_return pass_on(response.error());
  co_return std::move(response->body);
}

net::Task<Result<std::shared_ptr<net::WebSocket>>> PinnedLedger::mailbox_events() {
  std::string path = "/v1/mailboxes/" + to_base64url(home_.mailbox().public_key()) + "/events";
  auto socket = co_await net::wss_connect(loop_, server_, std::move(path), short_timeout_ms);
  note(socket ? nullptr : &socket.error());
  co_return socket;
}

}  // namespace

std::unique_ptr<LedgerLink> LedgerLink::make(net::Loop& loop, identity::LedgerCard card,
                                             const identity::HomeKeys& home, Records* records,
                                             std::optional<net::Proxy> proxy) {
  return std::make_unique<PinnedLedger>(loop, std::move(card), home, records, std::move(proxy));
}

}  // namespace hearth::node
