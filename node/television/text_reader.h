// A text of this home as a stream for the TV. Loop thread only.
#pragma once

#include <algorithm>
#include <string>

#include "node/library/titles.h"

namespace hearth::node {

class TextReader final : public Reader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  net::Task<Result<Bytes>> read(std::uint64_t offset, std::size_t length, std::int64_t) override {
    const std::size_t begin = std::min<std::uint64_t>(offset, text_.size());
    const std::string_view part = std::string_view(text_).substr(begin, length);
    Bytes bytes = to_bytes(as_bytes(part));
    co_return bytes;
  }
  void cancel() override {}

 private:
  const std::string text_;
};

}  // namespace hearth::node
