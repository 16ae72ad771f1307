// What a feed gives to ffmpeg for each item: media through the door, pictures and cards from
// memory.
#include <algorithm>

#include "common/base/names.h"
#include "node/iptv/feed.h"
#include "node/print/air_card.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_picture = 64 * 1024 * 1024, max_text = 8'000, max_probed = 256;
constexpr std::size_t part_bytes = 4 * 1024 * 1024, max_probe_output = 256 * 1024;
constexpr std::int64_t patience_ms = 20'000;

MemoryFile in_memory(const Result<Bytes>& bytes) {
  auto file = bytes ? MemoryFile::make(*bytes) : Result<MemoryFile>(pass_on(bytes.error()));
  return file ? std::move(*file) : MemoryFile();
}

}  // namespace

net::Task<Feed::Source> Feed::source_of(Piece piece) {
  Source source;
  const link::AirItem& item = piece.item;
  source.what = item.item;
  const auto* timeline = rooms_.television.by_id(wanted_.channel);
  if (timeline == nullptr) co_return std::move(source);
  if (piece.dead_air) {
    const std::string picture = timeline->channel().dead_air;
    const bool locked = is_locked(rooms_.television.media(), picture, wanted_.watcher());
    if (!picture.empty() && !locked && !given_up_.contains(picture)) {
      source.what = picture;
      source.titles.push_back(picture);
      co_await add_picture(picture, source);
      co_return std::move(source);
    }
    co_await add_card({}, rooms_.tv.why_empty(wanted_.channel), source);
    co_return std::move(source);
  }
  if (item.stream.empty()) {
    const std::string sentence =
        item.sentence.empty() ? std::string("This cannot be shown at the moment.") : item.sentence;
    co_await add_card(item.name, sentence, source);
    co_return std::move(source);
  }
  source.titles.push_back(item.stream);
  if (item.kind == wire::Kind::video || item.kind == wire::Kind::audio) {
    co_await add_media(piece, source);
    add_watermark(piece, source);
  } else if (item.kind == wire::Kind::image) {
    co_await add_picture(item.stream, source);
    add_watermark(piece, source);
  } else if (item.media_type.starts_with("text/")) {
    co_await add_text(item.stream, item.name, source);
  } else {
    co_await add_card(item.name, item.about, source);
  }
  co_return std::move(source);
}

net::Task<void> Feed::add_media(Piece piece, Source& source) {
  auto reader = rooms_.tv.open_stream(piece.item.stream);
  if (!reader) {
    source.problem = reader.error().sentence;
    co_return;
  }
  auto ticket = rooms_.door.open(std::move(*reader));
  if (!ticket) {
    source.problem = ticket.error().sentence;
    co_return;
  }
  source.ticket = std::move(*ticket);
  source.script = media_script(source.ticket->url());
  const auto media = co_await probe(piece.item.stream, source.script);
  if (!media) {
    source.problem = media.error().sentence;
    co_return;
  }
  source.encoding.media = *media;
  source.encoding.in_point_ms = piece.item.in_point_ms + piece.start - piece.item.start_ms;
  source.script = media_script(source.ticket->url(), source.encoding.in_point_ms);
  if (media->video) co_return;
  const auto id = digest_from_hex(piece.item.stream);
  const auto title = id ? rooms_.titles.title(*id) : Result<Title>(fail(Code::not_found, ""));
  if (title && !title->manifest.poster.empty()) {
    source.picture = in_memory(title->manifest.poster);
  } else {
    co_await add_card(piece.item.name, {}, source);
    source.is_card = false;
  }
}

net::Task<Result<Probed>> Feed::probe(std::string stream, std::string script) {
  const auto known = probed_.find(stream);
  if (known != probed_.end()) co_return known->second;
  auto started = net::Child::start(rooms_.loop, ffprobe_words(), as_bytes(script));
  if (!started) co_return pass_on(started.error());
  child_ = *started;
  const auto child = child_;
  Bytes json;
  while (json.size() <= max_probe_output) {
    const Result<Bytes> part = co_await child->read(part_bytes, patience_ms);
    if (!part) co_return pass_on(part.error());
    if (part->empty()) break;
    append(json, *part);
  }
  const std::string complaint = child->complaint(max_text);
  const auto probed = read_probed(json);
  if (!probed) {
    co_return fail(Code::unsupported_media,
                   complaint.empty() ? "There is neither picture nor sound in it." : complaint);
  }
  if (probed_.size() >= max_probed) probed_.clear();
  probed_[stream] = *probed;
  co_return *probed;
}

net::Task<Result<Bytes>> Feed::whole_stream(std::string stream, std::size_t most) {
  const auto reader = rooms_.tv.open_stream(stream);
  if (!reader) co_return pass_on(reader.error());
  const std::uint64_t size = std::min<std::uint64_t>((*reader)->size(), most);
  Bytes out;
  while (out.size() < size && !stopped_) {
    const std::size_t wanted = std::min(part_bytes, static_cast<std::size_t>(size) - out.size());
    const Result<Bytes> part = co_await (*reader)->read(out.size(), wanted, patience_ms);
    if (!part) co_return pass_on(part.error());
    if (part->empty()) break;
    append(out, *part);
  }
  co_return out;
}

net::Task<void> Feed::add_picture(std::string stream, Source& source) {
  const Result<Bytes> bytes = co_await whole_stream(std::move(stream), max_picture);
  if (!bytes) source.problem = bytes.error().sentence;
  if (bytes) source.picture = in_memory(bytes);
}

net::Task<void> Feed::add_text(std::string stream, std::string headline, Source& source) {
  const Result<Bytes> bytes = co_await whole_stream(std::move(stream), max_text);
  if (!bytes) {
    source.problem = bytes.error().sentence;
    co_return;
  }
  std::string text(as_text(*bytes));
  // A text that is cut may end inside a letter.
  while (!text.empty() && !is_utf8(text) && text.size() + 4 > bytes->size()) text.pop_back();
  if (!is_utf8(text)) text = printable(text, max_text);
  co_await add_card(std::move(headline), std::move(text), source);
}

net::Task<void> Feed::add_card(std::string headline, std::string text, Source& source) {
  const auto* timeline = rooms_.television.by_id(wanted_.channel);
  AirCard card;
  if (timeline != nullptr) {
    const auto& channel = timeline->channel();
    card.channel = std::to_string(channel.number) + "  " + printable(channel.name);
    card.colour = channel.colour;
  }
  card.headline = std::move(headline);
  card.text = std::move(text);
  source.is_card = true;
  auto draw = [card = std::move(card)] { return draw_air_card(card); };
  const Result<Bytes> png = co_await net::on_pool(rooms_.pool, std::move(draw));
  source.picture = in_memory(png);
}

void Feed::add_watermark(const Piece& piece, Source& source) {
  const auto* timeline = rooms_.television.by_id(wanted_.channel);
  if (!piece.item.watermark || timeline == nullptr || !source.problem.empty()) return;
  const Bytes logo = rooms_.tv.logo(wanted_.channel).png;
  const std::string& title = timeline->channel().logo;
  if (logo.empty() || is_locked(rooms_.television.media(), title, wanted_.watcher())) return;
  source.titles.push_back(title);
  source.encoding.watermark = timeline->channel().watermark;
  source.logo = in_memory(logo);
}

}  // namespace hearth::node
