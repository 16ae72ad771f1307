// Inside net/ only: what the acceptor and the sessions of one server share. Loop thread only.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>

#include "common/net/server.h"
#include "common/net/streams.h"

namespace hearth::net {

struct ServerState {
  ServerState(Loop& l, Server::Options o, Server::Handler h, Server::WsHandler ws)
      : loop(l),
        options(std::move(o)),
        handler(std::move(h)),
        ws_handler(std::move(ws)),
        connection_rates(options.limits.connections),
        changed(l) {}

  /// One open connection, so that stop() can reach it.
  struct Live {
    bool busy = false;            ///< a request is under way
    std::function<void()> leave;  ///< end as soon as what is under way is done
    std::function<void()> cut;    ///< end now
  };

  Loop& loop;
  Server::Options options;
  Server::Handler handler;
  Server::WsHandler ws_handler;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< null: plain
  std::list<Live> live;
  std::map<std::string, std::size_t> per_address;  ///< open connections by address_group()
  RateTable<std::string> connection_rates;
  std::size_t refusing = 0;  ///< of `live`: being told why they are not served
  ServerCounts counts;       ///< `open` is live.size()
  Signal changed;            ///< a connection ended
  bool stopping = false;
};

/// Where a connection comes from; empty and 0 on a unix socket.
struct Peer {
  std::string ip;
  std::uint16_t port = 0;
};

/// Whom a limit per address means: an IPv4 address, the /64 of an IPv6 one.
std::string address_group(const std::string& ip);

/// What a fresh connection gets. Refused ones are told so and end.
enum class Welcome { serve, too_many, too_many_here };

/// Puts a connection on the list for as long as it lives.
class Registration {
 public:
  Registration(std::shared_ptr<ServerState> server, const Peer& peer, Welcome welcome)
      : server_(std::move(server)), group_(address_group(peer.ip)), welcome_(welcome) {
    place_ = server_->live.emplace(server_->live.end());
    ++server_->per_address[group_];
    if (welcome_ != Welcome::serve) ++server_->refusing;
  }
  ~Registration() {
    server_->live.erase(place_);
    const auto here = server_->per_address.find(group_);
    if (--here->second == 0) server_->per_address.erase(here);
    if (welcome_ != Welcome::serve) --server_->refusing;
    server_->changed.notify_all();
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ServerState::Live* operator->() { return &*place_; }

 private:
  std::shared_ptr<ServerState> server_;
  std::string group_;
  Welcome welcome_;
  std::list<ServerState::Live>::iterator place_;
};

// session_plain.cpp and session_tls.cpp, so that two compilers can work at once.
Task<void> run_plain_session(std::shared_ptr<ServerState> server, PlainStream stream, Peer peer,
                             Welcome welcome);
Task<void> run_tls_session(std::shared_ptr<ServerState> server, TlsStream stream, Peer peer,
                           Welcome welcome);

}  // namespace hearth::net
