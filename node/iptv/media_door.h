// Where ffmpeg reads the plaintext of titles, range by range, as the home's own player does over
// its socket: plain HTTP on loopback, each opened title under a secret of its own that is worth
// nothing once the child is gone.
//
// Threads: loop thread only.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/net/server.h"
#include "node/library/titles.h"

namespace hearth::node {

class MediaDoor {
 public:
  explicit MediaDoor(net::Loop& loop) : loop_(loop) {}
  /// Its address, as long as the ticket lives. Code::io.
  class Ticket;
  Result<std::shared_ptr<Ticket>> open(std::shared_ptr<Reader> reader);
  /// Nothing is read any more.
  net::Task<void> stop();

 private:
  Result<void> listen();
  net::Task<net::Response> answer(net::Request request);

  net::Loop& loop_;
  std::unique_ptr<net::Server> server_;  ///< from the first ticket on
  std::shared_ptr<std::map<std::string, std::shared_ptr<Reader>>> open_ =
      std::make_shared<std::map<std::string, std::shared_ptr<Reader>>>();
};

class MediaDoor::Ticket {
 public:
  Ticket(std::string url, std::string secret,
         std::weak_ptr<std::map<std::string, std::shared_ptr<Reader>>> open)
      : url_(std::move(url)), secret_(std::move(secret)), open_(std::move(open)) {}
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  const std::string& url() const { return url_; }

 private:
  std::string url_, secret_;
  std::weak_ptr<std::map<std::string, std::shared_ptr<Reader>>> open_;
};

}  // namespace hearth::node
