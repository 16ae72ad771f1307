// Buyers at a real ledger, over TLS and by the documented protocol alone, without a node: each
// asks with the same bytes until it is answered, as a home does (docs/protocol.md §6.2, §13).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/identity/cards.h"
#include "common/net/client.h"
#include "common/wire/documents.h"

namespace hearth::test {

/// One identity and its numbers; everything of it follows from a number.
struct Household {
  explicit Household(std::uint64_t number);
  crypto::SignKey key;
  identity::HomeAddress address;
};

/// A request and, once it came, its answer.
struct Order {
  std::string jws;
  std::string receipt;
};

/// Requests to one ledger from any thread.
class Line {
 public:
  explicit Line(const std::string& card);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  Result<net::Response> send(net::Request request);
  Result<net::Response> post(const std::string& path, std::string_view body);
  const identity::LedgerCard& card() const { return card_; }

 private:
  identity::LedgerCard card_;
  net::Loop loop_;
  std::thread thread_;
};

/// What is for sale: one offer of one seller, with a source that is always complete.
class Stall {
 public:
  /// Registers seller, torrent and offer; fails the test when the ledger refuses.
  Stall(Line& line, std::int64_t price_minor);
  /// Tells the tracker of the source; a ledger that was restarted has forgotten it. False when it
  /// does not answer yet.
  bool announce(Line& line) const;
  const wire::Offer& offer() const { return offer_; }
  std::int64_t price() const { return offer_.price.minor; }

 private:
  Household seller_;
  wire::InfoHash info_hash_{};
  wire::Offer offer_;
};

/// Many buyers at once, each with one order at a time.
class Crowd {
 public:
  /// `clients` at once, dealt out to the households.
  Crowd(Line& line, const Stall& stall, const std::vector<Household>& buyers, std::size_t clients);
  ~Crowd();

  /// Everybody buys until `answers` more orders are answered.
  void buy_until(std::size_t answers);
  /// Nobody begins a new order; returns when every begun one is answered.
  void settle();
  /// Waits until so many were answered since buy_until(), while the ledger may die.
  std::size_t answered() const;
  /// Of one client, in the order in which they were answered. Only after settle(). Client i buys
  /// for household i modulo their number.
  const std::vector<Order>& orders(std::size_t client) const { return desks_[client].done; }
  /// What no ledger may answer to a buyer who did nothing wrong; empty: nothing such.
  std::string complaint() const;
  /// Refusals by code, to see that a fault was felt.
  std::size_t refusals(const std::string& code) const;

 private:
  struct Desk {
    const Household* buyer = nullptr;
    std::string asking;  ///< the order under way; empty: none
    std::vector<Order> done;
    std::uint64_t orders = 0;
  };
  void work(std::size_t number);
  /// A fresh order or the one under way; empty when there is nothing to do for now.
  std::string next(Desk& desk, std::size_t number);
  void take(Desk& desk, const std::string& jws, const Result<net::Response>& response);

  Line& line_;
  const Stall& stall_;
  mutable std::mutex mutex_;  // Guards: everything below but threads_
  std::condition_variable changed_;
  std::vector<Desk> desks_;
  bool buying_ = false;
  bool leaving_ = false;
  std::size_t answered_ = 0;
  std::map<std::string, std::size_t> refusals_;
  std::string complaint_;
  std::vector<std::thread> threads_;
};

}  // namespace hearth::test
