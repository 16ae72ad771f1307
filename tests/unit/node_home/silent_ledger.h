// A ledger that answers nothing: tests override the calls that they are about.
#pragma once

#include "node/ledger_link/ledger_link.h"

namespace hearth::test {

template <class T>
net::Task<Result<T>> unused() {
  co_return fail(Code::internal, "The test does not use this.");
}

class SilentLedger : public node::LedgerLink {
 public:
  const identity::LedgerCard& card() const override { return card_; }
  const std::string& trouble() const override { return trouble_; }
  net::Task<Result<wire::LedgerKeys>> keys(bool) override { return unused<wire::LedgerKeys>(); }
  net::Task<Result<void>> register_home(std::string, std::vector<node::DeviceId>) override {
    return unused<void>();
  }
  net::Task<Result<node::Statement>> statement(std::uint64_t, int) override {
    return unused<node::Statement>();
  }
  net::Task<Result<node::CataloguePage>> offers(std::string, std::string) override {
    return unused<node::CataloguePage>();
  }
  net::Task<Result<node::CatalogueEntry>> offer(wire::OfferId) override {
    return unused<node::CatalogueEntry>();
  }
  net::Task<Result<void>> post_offer(std::string, Bytes) override { return unused<void>(); }
  net::Task<Result<Bytes>> torrent(wire::InfoHash) override { return unused<Bytes>(); }
  net::Task<Result<void>> post_torrent(wire::InfoHash, Bytes) override { return unused<void>(); }
  net::Task<Result<std::string>> purchase(std::string) override { return unused<std::string>(); }
  net::Task<Result<std::string>> stored_purchase(wire::RequestId, crypto::BoxKey) override {
    return unused<std::string>();
  }
  net::Task<Result<std::string>> exchange(std::string) override { return unused<std::string>(); }
  net::Task<Result<std::string>> exchanged(wire::RequestId) override {
    return unused<std::string>();
  }
  net::Task<Result<std::string>> voucher_state(wire::VoucherInput) override {
    return unused<std::string>();
  }
  net::Task<Result<void>> publish_directory(std::string) override { return unused<void>(); }
  net::Task<Result<node::Found>> find_home(wire::DirectoryEntry) override {
    return unused<node::Found>();
  }
  net::Task<Result<node::Redeemed>> redeem(std::string) override {
    return unused<node::Redeemed>();
  }
  net::Task<Result<node::Refunded>> refund(std::string) override {
    return unused<node::Refunded>();
  }
  net::Task<Result<node::Transferred>> transfer(std::string) override {
    return unused<node::Transferred>();
  }
  net::Task<Result<void>> drop(crypto::SignPublicKey, identity::DropToken, Bytes,
                               std::string) override {
    return unused<void>();
  }
  net::Task<Result<void>> open_mailbox(std::vector<identity::DropToken>, Bytes) override {
    return unused<void>();
  }
  net::Task<Result<Bytes>> notebook() override { return unused<Bytes>(); }
  net::Task<Result<std::shared_ptr<net::WebSocket>>> mailbox_events() override {
    return unused<std::shared_ptr<net::WebSocket>>();
  }
  net::Task<Result<std::vector<node::EpochProof>>> log_epochs() override {
    return unused<std::vector<node::EpochProof>>();
  }
  net::Task<Result<std::string>> purchase_proof(wire::RequestId, crypto::BoxKey) override {
    return unused<std::string>();
  }
  net::Task<Result<std::string>> log_checkpoint() override { return unused<std::string>(); }
  net::Task<Result<tlog::Proof>> log_consistency(std::uint64_t, std::uint64_t) override {
    return unused<tlog::Proof>();
  }
  node::History& history() override { return history_; }

 private:
  identity::LedgerCard card_;
  std::string trouble_;
  node::History history_{*this, nullptr, {}};
};

}  // namespace hearth::test
