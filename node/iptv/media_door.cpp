#include "node/iptv/media_door.h"

#include <algorithm>

#include "common/crypto/hash.h"
#include "common/net/body.h"
#include "node/iptv/range.h"

namespace hearth::node {
namespace {

constexpr std::size_t part_bytes = 256 * 1024;
constexpr std::int64_t patience_ms = 60'000;
/// An ffmpeg is ours, and reads no faster than its item is shown: longer than any item.
constexpr std::int64_t reads_within_ms = 26LL * 3600 * 1000;

/// A reader's range as an answer's body.
class RangeBody final : public net::Body {
 public:
  RangeBody(std::shared_ptr<Reader> reader, const ByteRange& range)
      : reader_(std::move(reader)), range_(range) {}
  net::Task<Result<Bytes>> next() override {
    if (range_.begin >= range_.end) co_return Bytes();
    const std::size_t most =
        static_cast<std::size_t>(std::min<std::uint64_t>(part_bytes, range_.end - range_.begin));
    auto bytes = co_await reader_->read(range_.begin, most, patience_ms);
    if (bytes) range_.begin += bytes->size();
    co_return bytes;
  }

 private:
  std::shared_ptr<Reader> reader_;
  ByteRange range_;
};

}  // namespace

MediaDoor::Ticket::~Ticket() {
  const auto open = open_.lock();
  if (open == nullptr) return;
  const auto found = open->find(secret_);
  if (found == open->end()) return;
  found->second->cancel();
  open->erase(found);
}

Result<void> MediaDoor::listen() {
  if (server_ != nullptr) return {};
  net::Server::Options options;
  options.address = "127.0.0.1";
  options.limits.max_connections = 64;
  options.limits.max_body = 0;
  options.limits.request_ms = reads_within_ms;
  auto started = net::Server::start(loop_, std::move(options), [this](net::Request request) {
    return answer(std::move(request));
  });
  if (!started) return pass_on(started.error());
  server_ = std::move(*started);
  return {};
}

Result<std::shared_ptr<MediaDoor::Ticket>> MediaDoor::open(std::shared_ptr<Reader> reader) {
  auto listening = listen();
  if (!listening) return pass_on(listening.error());
  const std::string secret = to_hex(crypto::random_array<16>());
  open_->emplace(secret, std::move(reader));
  const std::string url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + secret;
  return std::make_shared<Ticket>(url, secret, open_);
}

net::Task<void> MediaDoor::stop() {
  for (const auto& [secret, reader] : *open_) reader->cancel();
  open_->clear();
  if (server_ != nullptr) co_await server_->stop(0);
}

net::Task<net::Response> MediaDoor::answer(net::Request request) {
  const std::string secret = request.path.empty() ? std::string() : request.path.substr(1);
  const auto found = open_->find(secret);
  if (found == open_->end() || (request.method != "GET" && request.method != "HEAD"))
    co_return net::problem_response({Code::not_found, "There is nothing here."});
  const std::uint64_t size = found->second->size();
  const auto header = request.headers.find("range");
  const ByteRange range =
      range_of(header == request.headers.end() ? std::string_view() : header->second, size);
  net::Response response;
  response.headers["accept-ranges"] = "bytes";
  response.headers["content-type"] = "application/octet-stream";
  if (!range.possible) {
    response.status = 416;
    response.headers["content-range"] = "bytes */" + std::to_string(size);
    co_return response;
  }
  if (range.partial) {
    response.status = 206;
    response.headers["content-range"] = "bytes " + std::to_string(range.begin) + "-" +
                                        std::to_string(range.end - 1) + "/" + std::to_string(size);
  }
  response.stream_size = static_cast<std::int64_t>(range.end - range.begin);
  response.stream = std::make_shared<RangeBody>(found->second, range);
  co_return response;
}

}  // namespace hearth::node
