#include "node/television/version_records.h"

#include <algorithm>
#include <cstdio>

#include "common/base/codec.h"
#include "node/channels/channel_json.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_what = 400, max_sentence = 2000, max_trouble_name = 1000;

}  // namespace

std::string version_key(const std::string& channel, std::int64_t version) {
  char number[24];
  std::snprintf(number, sizeof number, "%012lld", static_cast<long long>(version));
  return std::string(version_prefix) + channel + "/" + number;
}

Bytes encode(const VersionRecord& record) {
  const VersionBrief& brief = record.brief;
  Writer out;
  out.u8(format).i64(brief.version).i64(brief.from_ms).i64(brief.restores);
  out.text(std::string_view(brief.what).substr(0, max_what)).text(record.document);
  return out.take();
}

Result<VersionRecord> decode_version(ByteView bytes) {
  hearth::Reader in(bytes);
  VersionRecord record;
  const bool known = in.u8() == format;
  record.brief.version = in.i64();
  record.brief.from_ms = in.i64();
  record.brief.restores = in.i64();
  record.brief.what = in.text(max_what);
  record.document = in.text(channels::max_channel_bytes);
  record.brief.bytes = record.document.size();
  if (!known || !in.done() || record.brief.version < 1) {
    return fail(Code::corrupt, "A stored version of a channel is damaged.");
  }
  return record;
}

std::string trouble_key(const ChannelTrouble& trouble) {
  return std::string(trouble_prefix) + trouble.channel + "/" + trouble.media;
}

Bytes encode(const ChannelTrouble& trouble) {
  Writer out;
  out.u8(format).text(trouble.channel).text(trouble.media);
  out.text(std::string_view(trouble.name).substr(0, max_trouble_name));
  out.text(std::string_view(trouble.sentence).substr(0, max_sentence)).i64(trouble.at_ms);
  return out.take();
}

Result<ChannelTrouble> decode_trouble(ByteView bytes) {
  hearth::Reader in(bytes);
  ChannelTrouble trouble;
  const bool known = in.u8() == format;
  trouble.channel = in.text(channels::max_id);
  trouble.media = in.text(channels::max_media_id);
  trouble.name = in.text(max_trouble_name);
  trouble.sentence = in.text(max_sentence);
  trouble.at_ms = in.i64();
  if (!known || !in.done()) return fail(Code::corrupt, "A stored trouble of a channel is damaged.");
  return trouble;
}

std::vector<std::int64_t> to_drop(const std::vector<VersionBrief>& versions, UtcMs now) {
  std::vector<std::int64_t> out;
  if (versions.empty()) return out;
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (std::size_t left = versions.size(); left > 0; --left) {
    const VersionBrief& one = versions[left - 1];
    const bool newest = left == versions.size();
    const bool for_undo = versions.size() - left < undo_versions;
    const bool for_catch_up = newest || versions[left].from_ms > now - kept_ms;
    bytes += one.bytes;
    ++count;
    const bool fits = count <= max_versions && bytes <= max_version_bytes;
    if (!newest && (!fits || (!for_undo && !for_catch_up))) out.push_back(one.version);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::int64_t undo_target(const std::vector<VersionBrief>& versions) {
  if (versions.empty()) return 0;
  const VersionBrief& newest = versions.back();
  const std::int64_t is = newest.restores != 0 ? newest.restores : newest.version;
  std::int64_t target = 0;
  for (const VersionBrief& one : versions) {
    if (one.version >= is) break;
    target = one.restores != 0 ? one.restores : one.version;
    // What it restored may be dropped already; then it stands for itself.
    const bool kept = std::any_of(versions.begin(), versions.end(),
                                  [&](const auto& other) { return other.version == target; });
    if (!kept) target = one.version;
  }
  return target;
}

}  // namespace hearth::node
