// The ledger as the rooms of this home see it: one typed call for each request of
// docs/protocol.md §8. Every call is a connection of its own, through the home's proxy when it has
// one; redemptions carry nothing that names this home. Answers are checked before anybody sees
// them.
//
// Threads: loop thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/identity/home.h"
#include "common/net/client.h"
#include "common/tlog/merkle.h"
#include "common/wire/directory.h"
#include "common/wire/documents.h"
#include "node/ledger_link/history.h"
#include "node/ledger_link/ledger_values.h"
#include "node/wallet/records.h"

namespace hearth::node {

using DeviceId = std::array<std::uint8_t, 16>;

class LedgerLink {
 public:
  /// `records` remembers the ledger's key list; null: nothing is remembered (hearth init).
  static std::unique_ptr<LedgerLink> make(net::Loop& loop, identity::LedgerCard card,
                                          const identity::HomeKeys& home, Records* records,
                                          std::optional<net::Proxy> proxy = {});
  virtual ~LedgerLink() = default;

  virtual const identity::LedgerCard& card() const = 0;
  /// The outcome of the last call: empty when the ledger answered.
  virtual const std::string& trouble() const = 0;

  /// At most ten minutes old, `fresh`: asked for now. An epoch that was not seen before must be in
  /// the journal. Code::wrong_pin and Code::history_differs are alarms.
  virtual net::Task<Result<wire::LedgerKeys>> keys(bool fresh = false) = 0;
  /// From then on only these devices may buy; none named: as it was.
  virtual net::Task<Result<void>> register_home(std::string name,
                                                std::vector<DeviceId> devices) = 0;
  virtual net::Task<Result<Statement>> statement(std::uint64_t after, int limit) = 0;

  virtual net::Task<Result<CataloguePage>> offers(std::string search, std::string after) = 0;
  virtual net::Task<Result<CatalogueEntry>> offer(wire::OfferId id) = 0;
  virtual net::Task<Result<void>> post_offer(std::string offer_jws, Bytes sealed_key) = 0;
  virtual net::Task<Result<Bytes>> torrent(wire::InfoHash id) = 0;
  virtual net::Task<Result<void>> post_torrent(wire::InfoHash id, Bytes torrent) = 0;

  /// The receipt's text, as it came.
  virtual net::Task<Result<std::string>> purchase(std::string request_jws) = 0;
  /// The receipt of a purchase that was made before; `key` opens it when it comes sealed.
  /// Code::not_found: the ledger knows no such purchase.
  virtual net::Task<Result<std::string>> stored_purchase(wire::RequestId request,
                                                         crypto::BoxKey key) = 0;
  virtual net::Task<Result<Redeemed>> redeem(std::string redemption_jws) = 0;
  /// The signed answer's text, as it came (§6.9); of one that was made before, Code::not_found.
  virtual net::Task<Result<std::string>> exchange(std::string exchange_jws) = 0;
  virtual net::Task<Result<std::string>> exchanged(wire::RequestId request) = 0;
  /// "unspent" "redeemed" "refunded" "exchanged"; also unspent: never issued.
  virtual net::Task<Result<std::string>> voucher_state(wire::VoucherInput input) = 0;
  virtual net::Task<Result<Refunded>> refund(std::string refund_jws) = 0;
  virtual net::Task<Result<Transferred>> transfer(std::string transfer_jws) = 0;

  /// What is public of the journal, as it came; History and the callers check it.
  virtual net::Task<Result<std::string>> log_checkpoint() = 0;
  virtual net::Task<Result<tlog::Proof>> log_consistency(std::uint64_t from, std::uint64_t to) = 0;
  virtual net::Task<Result<std::vector<EpochProof>>> log_epochs() = 0;
  /// The proof file of a purchase; `key` opens it when it comes sealed. Code::not_found: the ledger
  /// knows no such purchase.
  virtual net::Task<Result<std::string>> purchase_proof(wire::RequestId request,
                                                        crypto::BoxKey key) = 0;
  /// What this home believes of the journal.
  virtual History& history() = 0;

  /// Replaces what this home has in the directory (§6.10).
  virtual net::Task<Result<void>> publish_directory(std::string directory_jws) = 0;
  /// Code::not_found: nobody is there under this address.
  virtual net::Task<Result<Found>> find_home(wire::DirectoryEntry entry) = 0;

  virtual net::Task<Result<void>> drop(crypto::SignPublicKey mailbox, identity::DropToken token,
                                       Bytes sealed, std::string idempotency_key) = 0;
  /// Tells the ledger which drop tokens this home's mailbox takes, and what it keeps for the home.
  virtual net::Task<Result<void>> open_mailbox(std::vector<identity::DropToken> tokens,
                                               Bytes sealed_notebook) = 0;
  /// Code::not_found: this home never gave it one.
  virtual net::Task<Result<Bytes>> notebook() = 0;
  virtual net::Task<Result<std::shared_ptr<net::WebSocket>>> mailbox_events() = 0;
};

}  // namespace hearth::node
