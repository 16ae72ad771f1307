// This home's channels: their documents with all versions that undo and catch-up need, the lists
// made of them, and every change of them. Each change is one commit; a version that somebody else
// made in the meantime is never overwritten (Code::changed_meanwhile). What reads lists (TV, guide,
// outputs, sharing) asks here.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/task.h"
#include "node/channels/edit.h"
#include "node/television/home_media.h"
#include "node/television/shown.h"
#include "node/television/version_records.h"

namespace hearth::node {

inline constexpr std::size_t max_own_channels = 500;
inline constexpr std::size_t max_troubles = 200;
inline constexpr std::int64_t catch_up_ms = 7LL * 24 * 3600 * 1000;

class Television {
 public:
  struct Rooms {
    Records& records;
    LookUp look_up;
    std::function<UtcMs()> clock;
    /// Offers that a document names and the wallet may not know: put where look_up finds them.
    std::function<void(store::Batch&, const std::string& offer_jws)> remember_offer;
  };
  Television(net::Loop& loop, Rooms rooms);
  /// What is stored. Code::corrupt.
  Result<void> load();

  // Lists.
  /// The newest version of each, by number.
  std::vector<const channels::Timeline*> timelines() const;
  /// By number, id, or exact name. Code::not_found.
  Result<const channels::Timeline*> find(const std::string& what) const;
  /// nullptr: there is none.
  const channels::Timeline* by_id(const std::string& channel) const;
  /// The versions that were valid from `from` on. These, and the `of` of what is shown, are good
  /// until the next question or change.
  std::vector<Stretch> stretches(const std::string& channel, UtcMs from) const;
  std::vector<ShownEntry> entries(const std::string& channel, UtcMs from, UtcMs to) const;
  std::vector<ShownProgramme> guide(const std::string& channel, UtcMs from, UtcMs to) const;
  const channels::Media& media(const std::string& channel) const { return media_.of(channel); }
  HomeMedia& media() { return media_; }
  const HomeMedia& media() const { return media_; }
  /// Any list or its media.
  net::Signal& changed() { return changed_; }
  void tell_changed() { changed_.notify_all(); }

  // Versions.
  Result<std::vector<VersionBrief>> versions(const std::string& channel) const;
  Result<channels::Channel> version(const std::string& channel, std::int64_t number) const;

  // Changes.
  using Also = std::function<void(store::Batch&)>;  ///< into the same commit
  struct Edit {
    std::string channel;                ///< id
    std::int64_t expected_version = 0;  ///< 0: whichever it is
    std::string what;                   ///< for people
    std::vector<channels::Change> changes;
    std::vector<std::string> offers;  ///< JWS of those that the changes name
    std::int64_t restores = 0;        ///< undo: back to that version, without `changes`
    Also also{};
  };
  /// Whether people here may make that of it: a channel of another home is that home's. Asked by
  /// tried().
  using MayEdit =
      std::function<Result<void>(const channels::Channel& before, const channels::Channel& after)>;
  void on_edit(MayEdit may_edit) { may_edit_ = std::move(may_edit); }
  /// What would come of it: the next version, not stored. Code::changed_meanwhile; else the first
  /// refusal.
  Result<channels::Channel> tried(const Edit& edit) const;
  channels::DryRun compared(const channels::Channel& after) const;
  Result<void> keep(const Edit& edit, channels::Channel after);
  /// Version 1 of a new one. Code::usage: its number is taken, or there are too many.
  Result<void> begin(channels::Channel channel, const std::string& what,
                     const std::vector<std::string>& offers, const Also& also = {});
  Result<void> remove(const std::string& channel, std::int64_t expected_version,
                      const Also& also = {});
  /// An empty channel of that number; its id and seed are chance. Code::usage.
  Result<channels::Channel> fresh(std::int32_t number, const std::string& name,
                                  const std::string& zone) const;
  std::int32_t free_number() const;
  /// Code::usage: another channel has it.
  Result<void> number_free(std::int32_t number, const std::string& for_channel) const;

  // Troubles: what went wrong on the air or with money, told once each; kept until it is over
  // ("channel/trouble/…"), the last max_troubles of them.
  /// True: it is news.
  bool note(ChannelTrouble trouble);
  /// What was wrong with these media is over.
  void settle(const std::string& channel, const std::string& media);
  std::vector<ChannelTrouble> troubles(const std::string& channel) const;
  const std::vector<ChannelTrouble>& troubles() const { return troubles_; }

  Result<channels::Zone> zone(const std::string& name) const;

 private:
  struct One {
    std::vector<VersionBrief> versions;
    std::unique_ptr<channels::Timeline> timeline;
  };
  struct Older {
    std::string key;
    std::unique_ptr<channels::Timeline> timeline;
  };
  Result<std::unique_ptr<channels::Timeline>> make(channels::Channel channel) const;
  const channels::Timeline* older(const std::string& channel, std::int64_t number) const;
  Result<void> load_one(const std::string& channel, One& one);
  Result<void> load_troubles();
  void commit_troubles(const store::Batch& batch);
  Result<void> put_version(store::Batch& batch, const std::string& channel,
                           const VersionRecord& record, std::vector<VersionBrief>& versions);

  Rooms rooms_;
  HomeMedia media_;
  net::Signal changed_;
  std::map<std::string, One> channels_;  ///< by id
  mutable std::list<Older> older_;       ///< read lately, the newest first
  mutable std::map<std::string, channels::Zone> zones_;
  std::vector<ChannelTrouble> troubles_;  ///< the oldest first
  MayEdit may_edit_;
};

}  // namespace hearth::node
