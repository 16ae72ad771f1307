// Titles on the node's store and swarm. Opening, items and records are in titles.cpp; what
// happens to a title's data (publish, receive, progress) in title_data.cpp.
#pragma once

#include <map>

#include "node/library/publish_pass.h"
#include "node/library/records.h"

namespace hearth::node {

class NodeTitles final : public Titles {
 public:
  NodeTitles(net::Loop& loop, net::Pool& pool, store::Store& store, std::uint64_t writer_epoch,
             Swarm& swarm, std::filesystem::path dir);
  ~NodeTitles() override;
  Result<void> load();

  net::Task<Result<Item>> add_item(std::filesystem::path path) override;
  std::vector<Item> items() const override;
  Result<Item> item(const std::string& id_or_name) const override;
  net::Task<Result<Published>> publish(Item item, bool is_private, std::string tracker_url,
                                       const crypto::SignKey& home, Progress progress) override;
  Result<void> set_offer(const wire::TitleId& title, const std::string& offer_jws) override;
  Result<void> receive(const std::string& manifest_jws, const std::string& offer_jws,
                       Bytes torrent) override;
  Result<void> set_key(const wire::TitleId& title, const crypto::age::FileKey& key) override;
  Result<void> forget_data(const wire::TitleId& title) override;
  bool keeps_data(const wire::TitleId& title) const override;
  std::vector<Title> titles() const override;
  Result<Title> title(const wire::TitleId& id) const override;
  Result<Title> find(const std::string& id_or_name) const override;
  Result<Bytes> torrent_of(const wire::TitleId& id) const override;
  TransferProgress progress(const wire::TitleId& id) const override;
  net::Signal& changed() override { return changed_; }
  Result<std::shared_ptr<Reader>> open_reader(const wire::TitleId& id) override;

 private:
  Result<void> load_items();
  Result<void> load_titles();
  void remove_leftovers();
  void seed_all();
  void on_swarm_event(const Swarm::Event& event);
  std::filesystem::path data_file(const wire::TitleId& id) const;
  Result<TitleRecord> record_of(const wire::TitleId& id) const;
  /// Commits the changed record, then keeps it in memory. `torrent`: for a new title.
  Result<void> keep(TitleRecord record, const Bytes* torrent);
  const TitleRecord* published_before(const Item& item, bool is_private) const;
  /// The title after its pass: signed, renamed, stored, seeding.
  Result<Published> finish_publishing(const Item& item, bool is_private,
                                      const std::string& tracker_url, const crypto::SignKey& home,
                                      const crypto::age::FileKey& key, const PieceHashes& hashes,
                                      const std::filesystem::path& part);
  net::Task<Result<Published>> publish_one(Item item, bool is_private, std::string tracker_url,
                                           crypto::SignKey home, Progress progress);
  net::Task<Result<PieceHashes>> run_pass(PublishPass pass, Progress progress);

  net::Loop& loop_;
  net::Pool& pool_;
  store::Store& store_;
  std::uint64_t writer_epoch_;
  Swarm& swarm_;
  std::filesystem::path dir_;  ///< DIR/titles
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::map<std::string, Item> items_;
  std::map<wire::TitleId, TitleRecord> titles_;
  std::map<wire::InfoHash, wire::TitleId> by_info_hash_;
  bool publishing_ = false;
  net::Signal published_;
  net::Signal changed_;
};

}  // namespace hearth::node
