// Which versions are kept, and what undo goes back to.
#include <doctest/doctest.h>

#include "node/television/version_records.h"

using namespace hearth;
using namespace hearth::node;

namespace {

constexpr std::int64_t hour = 3'600'000, now = 1'000 * 24 * hour;

std::vector<VersionBrief> versions(int count, std::int64_t apart, std::uint64_t bytes = 100) {
  std::vector<VersionBrief> out;
  for (int i = 0; i < count; ++i)
    out.push_back({i + 1, now - (count - i) * apart, 0, bytes, "edit"});
  return out;
}

}  // namespace

TEST_CASE("a version's record is read as it was written, and damage is seen") {
  const VersionRecord record{{7, 1'234, 3, 2, "add film.mp4"}, "{}"};
  const Bytes bytes = encode(record);
  const auto read = decode_version(bytes);
  REQUIRE(read);
  CHECK(read->brief.version == 7);
  CHECK(read->brief.from_ms == 1'234);
  CHECK(read->brief.restores == 3);
  CHECK(read->brief.what == "add film.mp4");
  CHECK(read->document == "{}");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_version(ByteView(bytes.data(), size)));
}

TEST_CASE("the last twenty versions are kept for undo, however old") {
  const auto dropped = to_drop(versions(30, 30 * 24 * hour), now);
  REQUIRE(dropped.size() == 10);
  CHECK(dropped.front() == 1);
  CHECK(dropped.back() == 10);
}

TEST_CASE("what was shown in the last eight days is kept for catch-up") {
  // One a quarter of an hour: 768 in eight days, above what is kept at all.
  const auto dropped = to_drop(versions(100, hour), now);
  CHECK(dropped.empty());
  const auto many = to_drop(versions(1'000, hour / 4), now);
  CHECK(many.size() == 500);
  CHECK(many.back() == 500);
}

TEST_CASE("large documents are dropped sooner, the newest never") {
  const auto dropped = to_drop(versions(5, hour, 40 * 1024 * 1024), now);
  CHECK(dropped == std::vector<std::int64_t>{1, 2, 3, 4});
  CHECK(to_drop(versions(1, hour, 1ULL << 40), now).empty());
  CHECK(to_drop({}, now).empty());
}

TEST_CASE("undo goes further back each time, and an edit begins anew") {
  std::vector<VersionBrief> all = versions(3, hour);
  CHECK(undo_target(all) == 2);
  all.push_back({4, now, 2, 1, "undo"});
  CHECK(undo_target(all) == 1);
  all.push_back({5, now, 1, 1, "undo"});
  CHECK(undo_target(all) == 0);
  all.push_back({6, now, 0, 1, "add"});
  CHECK(undo_target(all) == 1);
  CHECK(undo_target({}) == 0);
  CHECK(undo_target(versions(1, hour)) == 0);
}
