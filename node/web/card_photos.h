// The text of a card in a photo or a screenshot that the page sends. The pictures are decoded in
// short-lived child processes, two at a time (node/print/qr_picture.h): this process sees their
// bytes and a text of a few hundred characters. docs/decisions/0058.
//
// Threads: loop thread only; the work is done on the pool.
#pragma once

#include <string>

#include "common/base/bytes.h"
#include "common/net/task.h"

namespace hearth::node {

/// Of a picture; the page makes photos smaller than that before it sends them.
inline constexpr std::size_t max_card_photo = 4 * 1024 * 1024;

class CardPhotos {
 public:
  explicit CardPhotos(net::Pool& pool) : pool_(pool) {}
  /// `name` is what its person calls it. Code::bad_card, Code::unsupported_media,
  /// Code::not_found (a program is not installed), Code::timeout, Code::busy.
  net::Task<Result<std::string>> read(Bytes picture, std::string name);

 private:
  net::Pool& pool_;
  int under_way_ = 0;
};

}  // namespace hearth::node
