// The two protocols that mpv may open: hearth://RUN/STREAM, a title over the node's socket, and
// hearth-page://RUN, a rendered page in memory. Nothing else is ever loaded.
//
// Threads: callbacks on mpv's threads; the rest on the player's.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "player/stream/remote_file.h"

struct mpv_handle;

namespace hearth::player {

class MpvStreams {
 public:
  explicit MpvStreams(std::filesystem::path socket) : socket_(std::move(socket)) {}
  /// Once, before anything is loaded. False when mpv refuses.
  bool attach(mpv_handle* mpv);
  static std::string url(int run, const std::string& stream);
  static std::string page_url(int run);
  void set_page(std::shared_ptr<const Bytes> image);
  /// Why a stream of this run stopped early; empty when it did not.
  std::string failure(int run) const;
  void forget_failures();
  /// Before mpv is destroyed: nothing may block in a read any more. Later opens fail.
  void cancel_all();

  // For the callbacks.
  std::shared_ptr<RemoteFile> open(const std::string& url, int& run);
  void closed(const std::shared_ptr<RemoteFile>& file);
  void failed(int run, const Error& error);
  std::shared_ptr<const Bytes> page() const;

 private:
  const std::filesystem::path socket_;
  mutable std::mutex mutex_;
  // Guards: everything below.
  std::set<std::shared_ptr<RemoteFile>> open_;
  std::map<int, std::string> failures_;
  std::shared_ptr<const Bytes> page_;
  bool ended_ = false;
};

}  // namespace hearth::player
