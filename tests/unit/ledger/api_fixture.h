// A whole ledger in one process for tests: the real engine over the memory store, the real TLS
// server on a free port, a clock that stands still until it is moved, and clients that speak
// the documented protocol.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/crypto/poprf.h"
#include "common/net/client.h"
#include "common/wire/documents.h"
#include "ledger/api/service.h"
#include "tests/support/torrents.h"

namespace hearth::ledger::test {

using hearth::test::bencode_number;
using hearth::test::bencode_text;
using hearth::test::TestTorrent;
TestTorrent make_torrent(std::uint64_t plain_size, std::uint64_t number);

struct TestHome {
  explicit TestHome(std::uint8_t number);
  crypto::SignKey key;
  identity::HomeAddress address;
};

/// One purchase on the buyer's side.
struct TestPurchase {
  wire::PurchaseRequest request;
  std::string jws;
  std::vector<crypto::Seed> one_time_seeds;
  std::vector<crypto::poprf::Blinded> blinded;
};

struct Published {
  wire::Offer offer;
  TestTorrent torrent;
  crypto::age::FileKey file_key;
};

/// A WebSocket client whose calls wait for their end.
class TestSocket {
 public:
  TestSocket(net::Loop& loop, std::shared_ptr<net::WebSocket> socket)
      : loop_(loop), socket_(std::move(socket)) {}
  ~TestSocket();
  void send(const wire::Json& json) { send_text(json.dump()); }
  void send_text(std::string text);
  /// nullopt when the connection has ended.
  std::optional<wire::Json> read();

 private:
  net::Loop& loop_;
  std::shared_ptr<net::WebSocket> socket_;
};

class TestLedger {
 public:
  explicit TestLedger(Policy policy = {});
  ~TestLedger();

  net::Response request(net::Request request);
  net::Response get(const std::string& path_and_query);
  net::Response post(const std::string& path, std::string_view body, net::Headers headers = {});
  net::Response put(const std::string& path, std::string_view body);
  /// Many at once, each on a connection of its own.
  std::vector<net::Response> at_once(const std::vector<net::Request>& requests);
  std::unique_ptr<TestSocket> open_socket(const std::string& path);

  void open_home(const TestHome& home);
  void deposit(const TestHome& home, std::int64_t minor);
  std::int64_t balance(const TestHome& home);

  net::Response register_torrent(const TestHome& home, const TestTorrent& torrent);
  wire::Offer make_offer(const TestHome& seller, const TestTorrent& torrent,
                         const std::string& name, const money::Amount& price,
                         const wire::Terms& terms = {});
  net::Response register_offer(const wire::Offer& offer, const crypto::age::FileKey& file_key);
  /// All of it, with a complete source online.
  Published publish(const TestHome& seller, const std::string& name = "A film",
                    std::int64_t minor = 350, const wire::Terms& terms = {});
  void announce(const TestTorrent& torrent, std::uint16_t port, std::uint64_t left);

  TestPurchase prepare_purchase(const TestHome& buyer, const wire::Offer& offer,
                                std::size_t vouchers = 1);
  /// Verifies receipt and proof as a buyer must; fails the test otherwise.
  std::vector<wire::Voucher> finish_purchase(const TestPurchase& purchase,
                                             const net::Response& response);
  /// Puts the service away and starts a new one over the same store.
  void restart();

  std::atomic<UtcMs> clock{1'800'000'000'000};
  LedgerKeys keys;
  net::Loop loop;
  Engine& engine() { return *engine_; }
  std::filesystem::path dir() const { return dir_; }
  const Service& service() const { return *service_; }
  const store::Store& store() const { return *store_; }

 private:
  void start();
  void stop();

  std::filesystem::path dir_;
  Policy policy_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<net::Pool> pool_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Transparency> transparency_;
  std::unique_ptr<Service> service_;
  std::thread thread_;
  std::uint64_t numbers_ = 0;  ///< torrents, seeds, request ids
};

/// A title, another one, and a buyer who holds a voucher of the first.
struct OneSale {
  TestLedger ledger{};
  TestHome seller{1};
  TestHome buyer{2};
  Published film = ledger.publish(seller);
  Published other = ledger.publish(seller, "Another film");
  wire::Voucher voucher = buy();

  wire::Voucher buy();
  net::Response redeem(const wire::Voucher& with, const crypto::BoxKey& recipient);
};

wire::Json json_of(const net::Response& response);
/// The code of a problem document; "" for any other answer.
std::string problem_code(const net::Response& response);
/// Of all who asked with one voucher one was answered, and each other told that it is spent.
void check_one_winner(const std::vector<net::Response>& responses);
money::Amount euros(std::int64_t minor);
crypto::Seed test_seed(std::uint64_t number);

}  // namespace hearth::ledger::test
