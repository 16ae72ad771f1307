// Inside net/ only: what the acceptor and the sessions of one server share. Loop thread only.
#pragma once

#include <list>
#include <memory>

#include "common/net/server.h"
#include "common/net/streams.h"

namespace hearth::net {

struct ServerState {
  ServerState(Loop& l, Server::Options o, Server::Handler h, Server::WsHandler ws)
      : loop(l),
        options(std::move(o)),
        handler(std::move(h)),
        ws_handler(std::move(ws)),
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
  Signal changed;  ///< a connection ended
  bool stopping = false;
};

/// Puts a connection on the list for as long as it lives.
class Registration {
 public:
  explicit Registration(std::shared_ptr<ServerState> server) : server_(std::move(server)) {
    place_ = server_->live.emplace(server_->live.end());
  }
  ~Registration() {
    server_->live.erase(place_);
    server_->changed.notify_all();
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ServerState::Live* operator->() { return &*place_; }

 private:
  std::shared_ptr<ServerState> server_;
  std::list<ServerState::Live>::iterator place_;
};

/// Where a connection comes from; empty and 0 on a unix socket.
struct Peer {
  std::string ip;
  std::uint16_t port = 0;
};

/// What a fresh connection gets when there are too many: 503 and goodbye.
enum class Welcome { serve, refuse };

// session_plain.cpp and session_tls.cpp, so that two compilers can work at once.
Task<void> run_plain_session(std::shared_ptr<ServerState> server, PlainStream stream, Peer peer,
                             Welcome welcome);
Task<void> run_tls_session(std::shared_ptr<ServerState> server, TlsStream stream, Peer peer,
                           Welcome welcome);

}  // namespace hearth::net
