#include "node/web/card_photos.h"

#include <utility>

#include "node/print/qr_picture.h"

namespace hearth::node {
namespace {

constexpr int max_under_way = 2;

}  // namespace

net::Task<Result<std::string>> CardPhotos::read(Bytes picture, std::string name) {
  if (under_way_ >= max_under_way)
    co_return fail(Code::busy,
                   "Other pictures are being read just now. Nothing was done; try again in a "
                   "moment.");
  ++under_way_;
  auto work = [picture = std::move(picture), name = std::move(name)] {
    return card_in_picture(picture, name, "Nothing was done.");
  };
  auto text = co_await net::on_pool(pool_, std::move(work));
  --under_way_;
  co_return text;
}

}  // namespace hearth::node
