#include "api_fixture.h"

#include <algorithm>
#include <future>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"
#include "ledger/admin/key_rotation.h"
#include "ledger/catalogue/torrent_file.h"

namespace hearth::ledger::test {
namespace {

constexpr std::int64_t timeout_ms = 20'000;

net::PinnedServer server_of(const LedgerKeys& keys, std::uint16_t port) {
  return {"https://127.0.0.1:" + std::to_string(port), keys.tls.pin};
}

net::Task<void> ask(net::Loop& loop, net::PinnedServer server, net::Request request,
                    std::shared_ptr<std::promise<Result<net::Response>>> answer) {
  answer->set_value(
      co_await net::https_request(loop, std::move(server), std::move(request), timeout_ms));
}

net::Task<void> connect(net::Loop& loop, net::PinnedServer server, std::string path,
                        std::shared_ptr<std::promise<std::shared_ptr<net::WebSocket>>> answer) {
  auto socket = co_await net::wss_connect(loop, std::move(server), std::move(path), timeout_ms);
  answer->set_value(socket ? *socket : nullptr);
}

net::Task<void> read_one(std::shared_ptr<net::WebSocket> socket,
                         std::shared_ptr<std::promise<Result<Bytes>>> answer) {
  answer->set_value(co_await socket->read(timeout_ms));
}

net::Task<void> write_one(std::shared_ptr<net::WebSocket> socket, std::string text,
                          std::shared_ptr<std::promise<void>> answer) {
  (void)co_await socket->write(std::move(text));
  answer->set_value();
}

net::Task<void> stop_service(Service& service, std::shared_ptr<std::promise<void>> stopped) {
  co_await service.stop(1'000);
  stopped->set_value();
}

}  // namespace

crypto::Seed test_seed(std::uint64_t number) {
  static const crypto::Seed root(crypto::sha256(as_bytes("ledger tests")));
  return crypto::derive(root, "test", number);
}

TestHome::TestHome(std::uint8_t number)
    : key(crypto::SignKey::from_seed(test_seed(1'000'000 + number))), address{key.public_key()} {}

void check_one_winner(const std::vector<net::Response>& responses) {
  const auto won = std::count_if(responses.begin(), responses.end(),
                                 [](const auto& r) { return r.status == 200; });
  const auto spent = std::count_if(responses.begin(), responses.end(), [](const auto& r) {
    return problem_code(r) == "voucher_spent";
  });
  CHECK(won == 1);
  CHECK(spent + 1 == std::ssize(responses));
}

money::Amount euros(std::int64_t minor) {
  return {minor, *money::Currency::from_code("EUR")};
}

TestTorrent make_torrent(std::uint64_t plain_size, std::uint64_t number) {
  return hearth::test::make_torrent(plain_size, test_seed(2'000'000 + number).view());
}

TestSocket::~TestSocket() {
  loop_.post([socket = std::move(socket_)] { socket->close(); });
}

void TestSocket::send_text(std::string text) {
  const auto done = std::make_shared<std::promise<void>>();
  net::spawn(loop_, write_one(socket_, std::move(text), done), "test");
  done->get_future().get();
}

std::optional<wire::Json> TestSocket::read() {
  const auto answer = std::make_shared<std::promise<Result<Bytes>>>();
  net::spawn(loop_, read_one(socket_, answer), "test");
  const auto message = answer->get_future().get();
  if (!message) return std::nullopt;
  auto json = wire::parse_json(*message, 512 * 1024);
  REQUIRE(json);
  return *json;
}

TestLedger::TestLedger(Policy policy) : policy_(std::move(policy)), store_(store::open_memory()) {
  policy_.now = [this] { return clock.load(); };
  std::string pattern = (std::filesystem::temp_directory_path() / "ledger-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  dir_ = pattern;
  auto made = load_or_make_ledger_keys(LedgerDir{dir_}, clock);
  REQUIRE(made);
  keys = std::move(*made);
  start();
}

TestLedger::~TestLedger() {
  stop();
  std::filesystem::remove_all(dir_);
}

void TestLedger::start() {
  Engine::Options options;
  options.currencies = policy_.currencies;
  options.fees = policy_.fees;
  options.first_fees = Fees{500, 0};
  auto engine = Engine::start(*store_, options);
  REQUIRE(engine);
  engine_ = std::move(*engine);
  auto transparency =
      Transparency::open(*store_, *engine_, keys.signing, {dir_ / "checkpoint", false}, clock);
  REQUIRE(transparency);
  transparency_ = std::move(*transparency);
  REQUIRE(settle_epochs(LedgerDir{dir_}, keys, *engine_, *store_, clock));
  pool_ = std::make_unique<net::Pool>(loop, 2);
  ServiceOptions service;
  service.listen = {"127.0.0.1", 0};
  service.tracker_listen = net::Endpoint{"127.0.0.1", 0};
  service.metrics_listen = net::Endpoint{"127.0.0.1", 0};
  service.webhook_listen = net::Endpoint{"127.0.0.1", 0};
  service.policy = policy_;
  auto started =
      Service::start(loop, *pool_, *store_, *engine_, keys, *transparency_, std::move(service));
  REQUIRE(started);
  service_ = std::move(*started);
  thread_ = std::thread([this] { loop.run(); });
}

void TestLedger::stop() {
  const auto stopped = std::make_shared<std::promise<void>>();
  net::spawn(loop, stop_service(*service_, stopped), "stop");
  stopped->get_future().get();
  loop.stop();
  thread_.join();
  service_.reset();
  pool_.reset();
  transparency_.reset();
  engine_.reset();
}

void TestLedger::restart() {
  stop();
  start();
}

std::vector<net::Response> TestLedger::at_once(const std::vector<net::Request>& requests) {
  std::vector<std::future<Result<net::Response>>> futures;
  for (const auto& one : requests) {
    const auto answer = std::make_shared<std::promise<Result<net::Response>>>();
    futures.push_back(answer->get_future());
    net::spawn(loop, ask(loop, server_of(keys, service_->port()), one, answer), "test");
  }
  std::vector<net::Response> out;
  for (auto& future : futures) {
    auto response = future.get();
    if (!response) FAIL(response.error().sentence);
    out.push_back(std::move(*response));
  }
  return out;
}

net::Response TestLedger::request(net::Request request) {
  return std::move(at_once({std::move(request)}).front());
}

net::Response TestLedger::get(const std::string& path_and_query) {
  net::Request out;
  const std::size_t mark = path_and_query.find('?');
  out.path = path_and_query.substr(0, mark);
  if (mark != std::string::npos) out.query = path_and_query.substr(mark + 1);
  return request(std::move(out));
}

net::Response TestLedger::post(const std::string& path, std::string_view body,
                               net::Headers headers) {
  net::Request out;
  out.method = "POST";
  out.path = path;
  out.headers = std::move(headers);
  out.body = to_bytes(as_bytes(body));
  return request(std::move(out));
}

net::Response TestLedger::put(const std::string& path, std::string_view body) {
  net::Request out;
  out.method = "PUT";
  out.path = path;
  out.body = to_bytes(as_bytes(body));
  return request(std::move(out));
}

std::unique_ptr<TestSocket> TestLedger::open_socket(const std::string& path) {
  const auto answer = std::make_shared<std::promise<std::shared_ptr<net::WebSocket>>>();
  net::spawn(loop, connect(loop, server_of(keys, service_->port()), path, answer), "test");
  auto socket = answer->get_future().get();
  REQUIRE(socket != nullptr);
  return std::make_unique<TestSocket>(loop, std::move(socket));
}

void TestLedger::open_home(const TestHome& home) {
  const auto response = post(
      "/v1/homes",
      wire::sign_jws("hearth/home/1",
                     wire::with_issued({{"home", home.address.text()}, {"name", "A home"}}, clock),
                     home.key));
  REQUIRE(response.status == 200);
}

void TestLedger::deposit(const TestHome& home, std::int64_t minor) {
  std::promise<bool> done;
  engine_->submit_deposit({AccountId::wallet(home.address, euros(minor).currency), minor,
                           "deposit " + std::to_string(++numbers_), "owner", clock},
                          [&done](const auto& result) { done.set_value(result.has_value()); });
  REQUIRE(done.get_future().get());
}

std::int64_t TestLedger::balance(const TestHome& home) {
  const auto balances = engine_->balances(home.address);
  REQUIRE(balances);
  REQUIRE(balances->size() == 1);
  return balances->front().minor;
}

net::Response TestLedger::register_torrent(const TestHome& home, const TestTorrent& torrent) {
  const std::string announcement =
      wire::sign_jws("hearth/torrent/1",
                     wire::with_issued({{"home", home.address.text()},
                                        {"info_hash", to_hex(torrent.info_hash)},
                                        {"torrent_sha256", to_hex(crypto::sha256(torrent.file))}},
                                       clock),
                     home.key);
  return post(
      "/v1/torrents",
      wire::Json{{"announcement", announcement}, {"torrent", to_base64url(torrent.file)}}.dump());
}

wire::Offer TestLedger::make_offer(const TestHome& seller, const TestTorrent& torrent,
                                   const std::string& name, const money::Amount& price,
                                   const wire::Terms& terms) {
  wire::Manifest manifest;
  manifest.home = seller.address;
  manifest.name = name;
  manifest.kind = wire::Kind::video;
  manifest.media_type = "video/mp4";
  manifest.title = torrent.title;
  manifest.info_hash = torrent.info_hash;
  manifest.size = torrent.plain_size;
  manifest.piece_length = torrent.piece_length;
  manifest.issued_ms = clock;
  auto offer = wire::write_offer(wire::write_manifest(manifest, seller.key), price, terms, clock,
                                 seller.key);
  if (!offer) FAIL(offer.error().sentence);
  return std::move(*offer);
}

net::Response TestLedger::register_offer(const wire::Offer& offer,
                                         const crypto::age::FileKey& file_key) {
  const Bytes sealed = crypto::age::write_header(file_key, {keys.escrow.public_key()});
  return post("/v1/offers",
              wire::Json{{"offer", offer.jws}, {"sealed_key", to_base64url(sealed)}}.dump());
}

Published TestLedger::publish(const TestHome& seller, const std::string& name, std::int64_t minor,
                              const wire::Terms& terms) {
  open_home(seller);
  const TestTorrent torrent = make_torrent(1'000'000, ++numbers_);
  REQUIRE(register_torrent(seller, torrent).status == 200);
  const auto file_key = crypto::age::new_file_key();
  const wire::Offer offer = make_offer(seller, torrent, name, euros(minor), terms);
  const auto registered = register_offer(offer, file_key);
  REQUIRE(registered.status == 200);
  CHECK(json_of(registered)["offer"] == to_hex(offer.id));
  announce(torrent, 7001, 0);
  return {offer, torrent, file_key};
}

void TestLedger::announce(const TestTorrent& torrent, std::uint16_t port, std::uint64_t left) {
  const auto response = get("/announce?info_hash=" + net::percent_encode(torrent.info_hash) +
                            "&peer_id=01234567890123456789&port=" + std::to_string(port) +
                            "&left=" + std::to_string(left));
  REQUIRE(as_text(response.body).starts_with("d8:complete"));
}

TestPurchase TestLedger::prepare_purchase(const TestHome& buyer, const wire::Offer& offer,
                                          std::size_t vouchers) {
  const auto epoch = keys.epochs.back();
  TestPurchase out{{.request_id = {},
                    .home = buyer.address,
                    .offer = offer.id,
                    .epoch = epoch.epoch,
                    .price = offer.price,
                    .terms = offer.terms,
                    .billing_account = "wallet/" + buyer.address.text() + "/EUR",
                    .device = {},
                    .blinded = {},
                    .issued_ms = clock},
                   {},
                   {},
                   {}};
  const auto id = test_seed(3'000'000 + ++numbers_);
  std::copy_n(id.data(), out.request.request_id.size(), out.request.request_id.begin());
  for (std::size_t i = 0; i < vouchers; ++i) {
    const auto& seed = out.one_time_seeds.emplace_back(test_seed(4'000'000 + ++numbers_));
    const auto key = crypto::SignKey::from_seed(seed);
    const auto blinded = crypto::poprf::blind(
        wire::voucher_input(key.public_key()), wire::access_info(offer.id, epoch.epoch),
        epoch.pair.public_key, crypto::poprf::random_scalar());
    REQUIRE(blinded);
    out.blinded.push_back(*blinded);
    out.request.blinded.push_back(blinded->blinded_element);
  }
  out.jws = wire::write_purchase(out.request, buyer.key);
  return out;
}

std::vector<wire::Voucher> TestLedger::finish_purchase(const TestPurchase& purchase,
                                                       const net::Response& response) {
  REQUIRE_MESSAGE(response.status == 200, problem_code(response));
  CHECK(response.headers.at("content-type") == "application/jose");
  const auto receipt = wire::read_receipt(as_text(response.body), keys.signing.public_key());
  REQUIRE(receipt);
  CHECK(receipt->request_id == purchase.request.request_id);
  CHECK(receipt->request_hash == crypto::sha256(as_bytes(purchase.jws)));
  std::vector<Bytes> inputs;
  for (const auto& seed : purchase.one_time_seeds) {
    inputs.push_back(to_bytes(wire::voucher_input(crypto::SignKey::from_seed(seed).public_key())));
  }
  const auto tokens = crypto::poprf::finalize(
      inputs, purchase.blinded, receipt->evaluated, receipt->proof,
      wire::access_info(receipt->offer, receipt->epoch), keys.epochs.back().pair.public_key);
  REQUIRE(tokens);
  std::vector<wire::Voucher> out;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    out.push_back({receipt->offer, receipt->epoch, purchase.one_time_seeds[i], (*tokens)[i]});
  }
  return out;
}

wire::Voucher OneSale::buy() {
  ledger.open_home(buyer);
  ledger.deposit(buyer, 1000);
  const auto purchase = ledger.prepare_purchase(buyer, film.offer);
  return ledger.finish_purchase(purchase, ledger.post("/v1/purchases", purchase.jws)).front();
}

net::Response OneSale::redeem(const wire::Voucher& with, const crypto::BoxKey& recipient) {
  return ledger.post("/v1/redemptions", wire::write_redemption(with, recipient.public_key()));
}

wire::Json json_of(const net::Response& response) {
  auto json = wire::parse_json(response.body, 8 * 1024 * 1024);
  REQUIRE(json);
  return std::move(*json);
}

std::string problem_code(const net::Response& response) {
  const auto type = response.headers.find("content-type");
  if (type == response.headers.end() || type->second != "application/problem+json") return "";
  const auto json = json_of(response);
  CHECK(json["status"] == response.status);
  CHECK(!json["detail"].get<std::string>().empty());
  return json["title"].get<std::string>();
}

}  // namespace hearth::ledger::test
