// One channel as an endless transport stream for other programs: what the list shows is encoded
// item by item, by one ffmpeg at a time, and joined (ts_joiner.h) into segments. The stream never
// ends with an item: what cannot be shown is a card, and the owner is told. Live it stays ten
// seconds ahead of the wall clock; catch-up waits for whoever watches.
//
// Threads: loop thread only.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/base/process.h"
#include "common/net/child.h"
#include "node/iptv/encoding.h"
#include "node/iptv/hls.h"
#include "node/iptv/media_door.h"
#include "node/iptv/ts_joiner.h"
#include "node/television/on_tv.h"

namespace hearth::node {

class Feed : public std::enable_shared_from_this<Feed> {
 public:
  struct Rooms {
    net::Loop& loop;
    net::Pool& pool;
    Television& television;
    OnTv& tv;
    Titles& titles;
    MediaDoor& door;
    std::function<UtcMs()> clock;
  };
  struct Wanted {
    std::string channel;
    bool live = true;
    UtcMs from = 0, to = 0;            ///< of the list; `to` of catch-up alone
    std::function<Watcher()> watcher;  ///< asked for each item
  };
  struct Held {
    HlsSegment about;
    std::shared_ptr<const Bytes> bytes;
    std::vector<std::string> titles;  ///< that can be seen or heard in it
  };

  Feed(const Rooms& rooms, Wanted wanted, std::uint64_t run);
  /// Begins. It goes on until stop(), the end of a catch-up, or the end of its channel.
  void start();
  void stop();
  bool ended() const { return ended_; }
  const Wanted& wanted() const { return wanted_; }
  std::uint64_t run() const { return run_; }

  // For those who watch.
  void enter() { ++readers_; }
  void leave();
  /// Somebody asked for a part of it.
  void touch() { touched_ms_ = net::steady_ms(); }
  /// How long nobody has watched; 0: somebody does.
  std::int64_t idle_ms() const;
  /// Where a stream begins that begins now.
  std::uint64_t first_number() const;
  /// nullptr: it is not there any more, or never was.
  const Held* find(std::uint64_t number) const;
  /// Waits for it. Code::not_found: it will not come, or was dropped; Code::timeout.
  net::Task<Result<Held>> wait_for(std::uint64_t number, std::int64_t timeout_ms);
  HlsWindow window() const;
  /// Whether the rules of who watches still let it through.
  bool may_show(const Held& held) const;

 private:
  using Self = std::shared_ptr<Feed>;
  /// What is shown from `start` to `end`.
  struct Piece {
    link::AirItem item;
    bool dead_air = false;
    UtcMs start = 0, end = 0;
  };
  /// What ffmpeg is given, kept as long as it runs.
  struct Source {
    Encoding encoding;
    std::string script;
    std::shared_ptr<MediaDoor::Ticket> ticket;
    MemoryFile picture, logo;
    std::vector<std::string> titles;  ///< that it shows
    std::string what;     ///< that is given up if nothing comes of it: an item, a picture
    std::string problem;  ///< not empty: it cannot be shown, this is why
    bool is_card = false;
  };
  enum class End { whole, short_of_it, stalled, changed, stopped };

  static net::Task<void> run_feed(Self self);
  net::Task<void> show(Piece piece);
  net::Task<End> encode(const Piece& piece, Source& source);
  net::Task<bool> pace();
  Piece next_piece();
  bool still_on(const Piece& piece) const;
  void give_up_on(const Piece& piece, const Source& source, const std::string& problem);

  net::Task<Source> source_of(Piece piece);
  net::Task<void> add_media(Piece piece, Source& source);
  net::Task<Result<Probed>> probe(std::string stream, std::string script);
  net::Task<Result<Bytes>> whole_stream(std::string stream, std::size_t most);
  net::Task<void> add_picture(std::string stream, Source& source);
  net::Task<void> add_text(std::string stream, std::string headline, Source& source);
  net::Task<void> add_card(std::string headline, std::string text, Source& source);
  void add_watermark(const Piece& piece, Source& source);

  std::int64_t to_clock(UtcMs list) const { return (list - base_ms_) * clock_per_ms; }
  UtcMs to_list(std::int64_t clock) const { return base_ms_ + clock / clock_per_ms; }
  void collect();
  bool is_far_ahead() const;

  const Rooms rooms_;
  const Wanted wanted_;
  const std::uint64_t run_;
  const UtcMs base_ms_;  ///< of the stream's clock
  TsJoiner joiner_;
  UtcMs position_ = 0;  ///< of the list: what comes next begins there
  std::shared_ptr<net::Child> child_;
  std::vector<std::string> titles_;  ///< of what is encoded now
  bool stopped_ = false, ended_ = false;
  std::deque<Held> segments_;
  std::uint64_t next_number_ = 0, fresh_before_ = 0, taken_ = 0;
  std::size_t held_bytes_ = 0;
  net::Signal changed_;
  int readers_ = 0;
  std::int64_t touched_ms_ = 0;
  std::map<std::string, Probed> probed_;  ///< by stream
  std::set<std::string> given_up_;        ///< items, and the dead-air picture
  std::map<std::string, UtcMs> later_;    ///< items that stalled: when to try again
};

}  // namespace hearth::node
