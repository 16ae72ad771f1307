// This home's channels for programs that are not its own: everything below /iptv/ on the home's
// page. Looks at the token, answers documents from the lists of the television, and streams.
// docs/api.md, "Channels for other programs".
//
// Threads: loop thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/net/server.h"
#include "node/iptv/feeds.h"
#include "node/iptv/hdhomerun.h"
#include "node/iptv/iptv_route.h"
#include "node/iptv/lineup.h"
#include "node/iptv/tokens.h"
#include "node/rules/house_rules.h"

namespace hearth::node {

class Outputs {
 public:
  struct Rooms {
    net::Loop& loop;
    net::Pool& pool;
    Television& television;
    OnTv& tv;
    Titles& titles;
    const HouseRules& rules;
    std::string home;          ///< its name
    std::uint32_t device = 0;  ///< tuner_device() of it
    std::function<UtcMs()> clock;
  };
  Outputs(Rooms rooms, Records& records);

  /// `origin`: how who asks addressed the page, checked: "http://192.168.1.5:8480".
  net::Task<net::Response> handle(net::Request request, std::string origin);
  IptvTokens& tokens() { return tokens_; }
  /// The answer to a tuner's discovery; nullopt: it asks for something else, or comes from where no
  /// token is bound to: strangers in the network are told nothing. `page`: its address.
  std::optional<Bytes> discovered(ByteView packet, const std::string& from_address,
                                  const std::string& page) const;
  /// Ends the streams.
  net::Task<void> stop();

 private:
  using Answer = net::Task<Result<net::Response>>;
  /// Who asks, and what for.
  struct Asked {
    IptvRoute route;
    IptvToken token;
    std::string base;  ///< of the outputs, as who asks addressed them
    std::string from_address;
    std::string query;
    bool head = false;  ///< asks for the answer's head alone
  };
  Answer answer(Asked asked);
  net::Response document(const Asked& asked) const;
  TunerFace face(std::string base) const;
  Answer guide(Asked asked);
  Answer logo(Asked asked);
  Answer playlist(Asked asked);
  Answer segment(Asked asked);
  Answer stream(Asked asked);

  std::vector<ListedChannel> channels(const IptvToken& token) const;
  std::vector<ListedProgramme> programmes(const IptvToken& token, const std::string& channel,
                                          UtcMs from, UtcMs to) const;
  Watcher watcher(std::int64_t max_age, bool with_private) const;
  std::function<Watcher()> watching(const IptvToken& token) const;
  Result<std::shared_ptr<Feed>> feed(const Asked& asked);

  const Rooms rooms_;
  IptvTokens tokens_;
  MediaDoor door_;
  Feeds feeds_;
  int guides_under_way_ = 0;
};

}  // namespace hearth::node
