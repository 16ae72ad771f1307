#include "tests/integration/market.h"

#include <future>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"
#include "tests/support/torrents.h"

namespace hearth::test {
namespace {

constexpr std::int64_t timeout_ms = 20'000;
constexpr std::int64_t pause_ms = 20;  // of a buyer whose ledger does not answer

net::Task<void> ask(net::Loop& loop, net::PinnedServer server, net::Request request,
                    std::shared_ptr<std::promise<Result<net::Response>>> answer) {
  auto response =
      co_await net::https_request(loop, std::move(server), std::move(request), timeout_ms);
  answer->set_value(std::move(response));
}

UtcMs now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

crypto::Seed seed(const char* what, std::uint64_t number) {
  static const crypto::Seed root(crypto::sha256(as_bytes("the market's people")));
  return crypto::derive(root, what, number);
}

void must_accept(const Result<net::Response>& response) {
  REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
  REQUIRE_MESSAGE(response->status == 200, as_text(response->body));
}

void open_home(Line& line, const Household& home) {
  const auto fields =
      wire::with_issued({{"home", home.address.text()}, {"name", "Someone"}}, now());
  must_accept(line.post("/v1/homes", wire::sign_jws("hearth/home/1", fields, home.key)));
}

wire::Offer offer_of(const Household& seller, const TestTorrent& torrent, std::int64_t minor) {
  wire::Manifest manifest;
  manifest.home = seller.address;
  manifest.name = "A film";
  manifest.kind = wire::Kind::video;
  manifest.media_type = "video/mp4";
  manifest.title = torrent.title;
  manifest.info_hash = torrent.info_hash;
  manifest.size = torrent.plain_size;
  manifest.piece_length = torrent.piece_length;
  manifest.issued_ms = now();
  const money::Amount price{minor, money::Currency::from_code("EUR").value()};
  auto offer =
      wire::write_offer(wire::write_manifest(manifest, seller.key), price, {}, now(), seller.key);
  REQUIRE(offer.has_value());
  return std::move(*offer);
}

/// A purchase of one voucher, as docs/protocol.md §6.2 writes it.
std::string purchase_of(const Household& buyer, std::uint64_t number, const wire::Offer& offer,
                        const identity::LedgerCard& ledger) {
  const crypto::Seed own = crypto::derive(seed("order", number), "of a buyer", 0);
  const auto one_time = crypto::SignKey::from_seed(own);
  const auto blinded = crypto::poprf::blind(wire::voucher_input(one_time.public_key()),
                                            wire::access_info(offer.id, ledger.epoch),
                                            ledger.poprf_key, crypto::poprf::random_scalar());
  REQUIRE(blinded.has_value());
  wire::PurchaseRequest request{.home = buyer.address, .price = offer.price, .terms = offer.terms};
  std::copy_n(crypto::random_array<16>().begin(), 16, request.request_id.begin());
  request.offer = offer.id;
  request.epoch = ledger.epoch;
  request.billing_account = "wallet/" + buyer.address.text() + "/EUR";
  request.blinded.push_back(blinded->blinded_element);
  request.issued_ms = now();
  return wire::write_purchase(request, buyer.key);
}

std::string code_of(const Result<net::Response>& response) {
  if (!response) return std::string(code_name(response.error().code));
  const auto json = wire::parse_json(response->body, 64 * 1024);
  if (!json || !json->is_object()) return "status " + std::to_string(response->status);
  return json->value("title", "status " + std::to_string(response->status));
}

}  // namespace

Household::Household(std::uint64_t number)
    : key(crypto::SignKey::from_seed(seed("home", number))), address{key.public_key()} {}

Line::Line(const std::string& card) : card_(identity::parse_ledger_card(card).value()) {
  thread_ = std::thread([this] { loop_.run(); });
}
Line::~Line() {
  loop_.stop();
  thread_.join();
}

Result<net::Response> Line::send(net::Request request) {
  const auto answer = std::make_shared<std::promise<Result<net::Response>>>();
  auto future = answer->get_future();
  net::PinnedServer server{card_.url, card_.pin};
  net::spawn(loop_, ask(loop_, std::move(server), std::move(request), answer), "buyer");
  return future.get();
}

Result<net::Response> Line::post(const std::string& path, std::string_view body) {
  net::Request request;
  request.method = "POST";
  request.path = path;
  request.body = to_bytes(as_bytes(body));
  return send(std::move(request));
}

Stall::Stall(Line& line, std::int64_t price_minor)
    : seller_(0), offer_([&] {
        open_home(line, seller_);
        const TestTorrent torrent = make_torrent(1'000'000, seed("root", 1).view());
        info_hash_ = torrent.info_hash;
        const auto fields =
            wire::with_issued({{"home", seller_.address.text()},
                               {"info_hash", to_hex(torrent.info_hash)},
                               {"torrent_sha256", to_hex(crypto::sha256(torrent.file))}},
                              now());
        const wire::Json body{
            {"announcement", wire::sign_jws("hearth/torrent/1", fields, seller_.key)},
            {"torrent", to_base64url(torrent.file)}};
        must_accept(line.post("/v1/torrents", body.dump()));
        return offer_of(seller_, torrent, price_minor);
      }()) {
  net::Request keys;
  keys.path = "/v1/keys";
  const auto answer = line.send(std::move(keys));
  must_accept(answer);
  const auto read = wire::read_ledger_keys(as_text(answer->body), line.card().key);
  REQUIRE(read.has_value());
  const Bytes sealed = crypto::age::write_header(crypto::age::new_file_key(), {read->escrow});
  const wire::Json body{{"offer", offer_.jws}, {"sealed_key", to_base64url(sealed)}};
  must_accept(line.post("/v1/offers", body.dump()));
}

bool Stall::announce(Line& line) const {
  net::Request request;
  request.path = "/announce";
  request.query = "info_hash=" + net::percent_encode(info_hash_) +
                  "&peer_id=01234567890123456789&port=7001&left=0";
  const auto response = line.send(std::move(request));
  return response && response->status == 200;
}

Crowd::Crowd(Line& line, const Stall& stall, const std::vector<Household>& buyers,
             std::size_t clients)
    : line_(line), stall_(stall), desks_(clients) {
  for (const Household& buyer : buyers) open_home(line, buyer);
  for (std::size_t i = 0; i < clients; ++i) desks_[i].buyer = &buyers[i % buyers.size()];
  for (std::size_t i = 0; i < clients; ++i) threads_.emplace_back([this, i] { work(i); });
}

Crowd::~Crowd() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
    buying_ = false;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

std::string Crowd::next(Desk& desk, std::size_t number) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return leaving_ || buying_ || !desk.asking.empty(); });
  if (leaving_) return {};
  if (!desk.asking.empty()) return desk.asking;
  const std::uint64_t order = (number << 32) + ++desk.orders;
  lock.unlock();
  std::string made = purchase_of(*desk.buyer, order, stall_.offer(), line_.card());
  lock.lock();
  desk.asking = made;
  return made;
}

void Crowd::take(Desk& desk, const std::string& jws, const Result<net::Response>& response) {
  // What a ledger that is down, starting, or whose disk is full may say; all of it means: ask
  // again.
  static const std::set<std::string> passing = {"unreachable",  "timeout",    "bad_answer", "busy",
                                                "rate_limited", "no_source",  "disk_full",  "io",
                                                "unsettled",    "interrupted"};
  std::unique_lock lock(mutex_);
  if (response && response->status == 200) {
    const std::string receipt(as_text(response->body));
    const auto read = wire::read_receipt(receipt, line_.card().key);
    if (!read || read->request_hash != crypto::sha256(as_bytes(jws)))
      complaint_ = "a receipt that is none: " + receipt;
    desk.done.push_back({jws, receipt});
    desk.asking.clear();
    ++answered_;
    changed_.notify_all();
    return;
  }
  const std::string code = code_of(response);
  ++refusals_[code];
  if (!passing.contains(code) && complaint_.empty()) complaint_ = "refused with " + code;
  changed_.notify_all();
  changed_.wait_for(lock, std::chrono::milliseconds(pause_ms), [this] { return leaving_; });
}

void Crowd::work(std::size_t number) {
  Desk& desk = desks_[number];
  while (true) {
    const std::string jws = next(desk, number);
    if (jws.empty()) return;
    take(desk, jws, line_.post("/v1/purchases", jws));
  }
}

void Crowd::buy_until(std::size_t answers) {
  std::unique_lock lock(mutex_);
  buying_ = true;
  const std::size_t goal = answered_ + answers;
  changed_.notify_all();
  changed_.wait(lock, [&] { return answered_ >= goal || !complaint_.empty(); });
}

void Crowd::settle() {
  std::unique_lock lock(mutex_);
  buying_ = false;
  changed_.wait(lock, [this] {
    return !complaint_.empty() || std::all_of(desks_.begin(), desks_.end(),
                                              [](const Desk& desk) { return desk.asking.empty(); });
  });
}

std::size_t Crowd::answered() const {
  const std::lock_guard lock(mutex_);
  return answered_;
}
std::string Crowd::complaint() const {
  const std::lock_guard lock(mutex_);
  return complaint_;
}
std::size_t Crowd::refusals(const std::string& code) const {
  const std::lock_guard lock(mutex_);
  const auto found = refusals_.find(code);
  return found == refusals_.end() ? 0 : found->second;
}

}  // namespace hearth::test
