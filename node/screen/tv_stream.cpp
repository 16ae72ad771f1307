// Serving a title's plaintext to the player: only titles that were ordered to play.
#include <algorithm>

#include "common/base/log.h"
#include "node/screen/tv_link.h"

namespace hearth::node {
namespace {

constexpr std::int64_t answer_ms = 30'000, idle_ms = 24LL * 3600 * 1000;
// One read waits for pieces this long; in short turns, to notice a player that gave up.
constexpr std::int64_t patience_ms = 120'000, turn_ms = 2'000;

std::optional<wire::TitleId> title_id(const std::string& hex) {
  const auto bytes = from_hex(hex);
  wire::TitleId id{};
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

net::Task<Result<Bytes>> read_patiently(std::shared_ptr<net::FrameConnection> connection,
                                        std::shared_ptr<Reader> reader, link::ReadRequest request) {
  if (request.length == 0 || request.offset >= reader->size()) co_return Bytes{};
  const UtcMs deadline = now_ms() + patience_ms;
  while (true) {
    auto bytes = co_await reader->read(request.offset, request.length, turn_ms);
    if (bytes || bytes.error().code != Code::timeout) co_return bytes;
    if (connection->gone()) co_return fail(Code::interrupted, "The player reads something else.");
    if (now_ms() < deadline) continue;
    co_return fail(Code::timeout,
                   "The next part of this title has not arrived: no home that has it can be "
                   "reached. Nothing is lost; play it again later.");
  }
}

}  // namespace

Result<std::shared_ptr<Reader>> TvLink::reader_for(const std::string& stream) {
  if (channels_.on()) return channels_.open_stream(stream);
  const auto id = title_id(stream);
  if (!id || !allowed_.contains(stream)) {
    return fail(Code::not_found, "The player asked for a title that it was not told to play.");
  }
  return titles_.open_reader(*id);
}

net::Task<void> TvLink::serve_stream(std::shared_ptr<TvLink> self,
                                     std::shared_ptr<net::FrameConnection> connection,
                                     std::string stream) {
  const auto reader = self->reader_for(stream);
  link::StreamOpened opened;
  opened.ok = reader.has_value();
  if (reader) {
    opened.size = (*reader)->size();
  } else {
    opened.sentence = reader.error().sentence;
  }
  const std::string hello = link::encode(opened);
  auto written =
      co_await connection->write(link::FrameType::json, to_bytes(as_bytes(hello)), answer_ms);
  if (!reader || !written) co_return;
  self->readers_.insert(*reader);
  while (!self->stopping_) {
    const auto frame = co_await connection->read(link::max_json, idle_ms);
    if (!frame || frame->type != link::FrameType::json) break;
    const auto request = link::decode_read_request(frame->body);
    if (!request) break;
    auto bytes = co_await read_patiently(connection, *reader, *request);
    if (!bytes && bytes.error().code == Code::interrupted) break;
    Bytes answer;
    answer.push_back(bytes ? link::read_ok : link::read_failed);
    append(answer, bytes ? ByteView(*bytes) : as_bytes(bytes.error().sentence));
    written = co_await connection->write(link::FrameType::bytes, std::move(answer), answer_ms);
    if (!written) break;
  }
  (*reader)->cancel();
  self->readers_.erase(*reader);
  self->streams_changed_.notify_all();
}

}  // namespace hearth::node
