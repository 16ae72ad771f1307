#include "node/app/publisher.h"

#include "common/base/crash_point.h"
#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::int64_t wait_for_ledger_ms = 2'000;
constexpr std::uint8_t format = 2;
constexpr std::uint8_t format_of_short_terms = 1;

std::string publish_key(const PublishOrder& order) {
  return "publish/" + order.item + (order.is_private ? "/private" : "/public");
}

bool same_offer(const PublishOrder& a, const PublishOrder& b) {
  return a.price == b.price && a.terms == b.terms;
}

bool worth_waiting(Code code) {
  return code == Code::unreachable || code == Code::timeout || code == Code::busy ||
         code == Code::proxy_failed;
}

}  // namespace

Bytes encode(const PublishRecord& record) {
  const PublishOrder& order = record.order;
  Writer out;
  out.u8(format).text(order.item).u8(order.is_private ? 1 : 0);
  out.text(order.price ? money::format(*order.price) : std::string());
  out.u8(order.terms.giftable ? 1 : 0).i64(order.terms.min_age).i64(order.terms.sold_until_ms);
  out.i64(order.terms.not_before_ms).i64(order.terms.redeem_until_ms);
  out.i64(order.terms.refund_until_ms).i64(order.terms.homes);
  out.text(record.offer_jws).bytes(record.sealed_key).u8(record.done ? 1 : 0);
  return out.take();
}

Result<PublishRecord> decode_publish(ByteView bytes) {
  hearth::Reader in(bytes);
  const std::uint8_t stored_format = in.u8();
  const bool known = stored_format == format || stored_format == format_of_short_terms;
  PublishRecord record;
  record.order.item = in.text(100);
  record.order.is_private = in.u8() != 0;
  const std::string price = in.text(100);
  record.order.terms.giftable = in.u8() != 0;
  record.order.terms.min_age = in.i64();
  record.order.terms.sold_until_ms = in.i64();
  if (stored_format == format) {
    record.order.terms.not_before_ms = in.i64();
    record.order.terms.redeem_until_ms = in.i64();
    record.order.terms.refund_until_ms = in.i64();
    record.order.terms.homes = in.i64();
  }
  record.offer_jws = in.text(wire::max_jws);
  record.sealed_key = to_bytes(in.bytes(crypto::age::max_header));
  record.done = in.u8() != 0;
  if (!known || !in.done()) return damaged("publish order");
  if (price.empty()) return record;
  const auto amount = money::parse(price);
  if (!amount) return damaged("publish order");
  record.order.price = *amount;
  return record;
}

Publisher::Publisher(net::Loop& loop, Records& records, LedgerLink& ledger, Titles& titles,
                     Announcer& announcer, const identity::HomeKeys& home)
    : loop_(loop),
      records_(records),
      ledger_(ledger),
      titles_(titles),
      announcer_(announcer),
      home_(home),
      wake_(loop) {}

void Publisher::stop() {
  stopping_ = true;
  wake_.notify_all();
}

Result<void> Publisher::store_record(const PublishRecord& record) {
  store::Batch batch;
  put(batch, publish_key(record.order), encode(record));
  return records_.commit(batch);
}

Result<std::optional<PublishRecord>> Publisher::stored(const PublishOrder& order) const {
  auto bytes = records_.get(publish_key(order));
  if (!bytes) return pass_on(bytes.error());
  if (!*bytes) return std::optional<PublishRecord>();
  auto record = decode_publish(**bytes);
  if (!record) return pass_on(record.error());
  return std::optional(std::move(*record));
}

void Publisher::resume() {
  std::vector<PublishRecord> open;
  auto scanned = records_.scan("publish/", [&](std::string_view, ByteView value) -> Result<void> {
    auto record = decode_publish(value);
    if (!record) return pass_on(record.error());
    if (!record->done) open.push_back(std::move(*record));
    return {};
  });
  if (!scanned) spdlog::error("publish: {}", scanned.error().sentence);
  for (auto& record : open) net::spawn(loop_, run_in_background(std::move(record)), "publish");
}

net::Task<void> Publisher::run_in_background(PublishRecord record) {
  PublishOrder order = record.order;
  Told told = [](const std::string&, std::uint64_t, std::uint64_t) {};
  const auto published = co_await publish(std::move(order), std::move(told));
  if (!published) spdlog::warn("publish: not completed: {}", published.error().sentence);
}

net::Task<Result<Title>> Publisher::publish(PublishOrder order, Told told) {
  const std::string key = publish_key(order);
  const auto known = stored(order);
  if (!known) co_return pass_on(known.error());
  PublishRecord record;
  if (*known) record = **known;
  // Another price or other terms: a new offer of the same title.
  if (!*known || !same_offer(record.order, order)) record = PublishRecord{order, {}, {}, false};
  if (!running_.insert(key).second) {
    co_return fail(Code::busy,
                   "This item is being published already. Nothing was changed; hearth "
                   "library list shows when it is done.");
  }
  auto written = store_record(record);
  Result<Title> outcome = fail(Code::internal, "");
  if (written) {
    outcome = co_await run(record, std::move(told));
  } else {
    outcome = pass_on(written.error());
  }
  running_.erase(key);
  co_return outcome;
}

net::Task<Result<void>> Publisher::wait_after(Error trouble, Told told) {
  if (stopping_)
    co_return fail(Code::interrupted,
                   "The node is stopping; publishing goes on when "
                   "it runs again.");
  if (!worth_waiting(trouble.code)) co_return pass_on(std::move(trouble));
  told("waiting for the ledger", 0, 0);
  co_await wake_.wait(wait_for_ledger_ms);
  co_return Result<void>();
}

net::Task<Result<wire::LedgerKeys>> Publisher::keys(Told told) {
  for (;;) {
    auto keys = co_await ledger_.keys();
    if (keys) co_return keys;
    auto waited = co_await wait_after(keys.error(), told);
    if (!waited) co_return pass_on(waited.error());
  }
}

net::Task<Result<Title>> Publisher::run(PublishRecord record, Told told) {
  const auto item = titles_.item(record.order.item);
  if (!item) co_return pass_on(item.error());
  const auto ledger_keys = co_await keys(told);
  if (!ledger_keys) co_return pass_on(ledger_keys.error());
  Progress progress = [told, this](std::uint64_t done, std::uint64_t total) {
    told("encrypting", done, total);
    return !stopping_.load();
  };
  auto published =
      co_await titles_.publish(*item, record.order.is_private, ledger_keys->tracker_url,
                               home_.identity(), std::move(progress));
  if (!published) co_return pass_on(published.error());
  const Title& title = published->title;

  told("registering", 0, 0);
  for (;;) {
    Bytes torrent = published->torrent;
    auto posted = co_await ledger_.post_torrent(title.manifest.info_hash, std::move(torrent));
    if (posted) break;
    auto waited = co_await wait_after(posted.error(), told);
    if (!waited) co_return pass_on(waited.error());
  }
  announcer_.track(title.manifest.info_hash);
  if (!record.order.is_private) {
    auto offered = co_await offer(record, title, told);
    if (!offered) co_return pass_on(offered.error());
  }
  record.done = true;
  auto written = store_record(record);
  if (!written) co_return pass_on(written.error());
  co_return titles_.title(title.manifest.title);
}

net::Task<Result<void>> Publisher::offer(PublishRecord& record, const Title& title, Told told) {
  told("offering", 0, 0);
  if (!record.offer_jws.empty()) {
    const auto made = wire::read_offer(record.offer_jws);
    // The file has changed since that offer: this is another title, with an offer of its own.
    if (!made || made->manifest.title != title.manifest.title) record.offer_jws.clear();
  }
  if (record.offer_jws.empty()) {
    const auto ledger_keys = co_await keys(told);
    if (!ledger_keys) co_return pass_on(ledger_keys.error());
    if (!title.key) co_return fail(Code::corrupt, "The key of this home's own title is missing.");
    const auto made = wire::write_offer(title.manifest_jws, *record.order.price, record.order.terms,
                                        now_ms(), home_.identity());
    if (!made) co_return pass_on(made.error());
    record.offer_jws = made->jws;
    record.sealed_key = crypto::age::write_header(*title.key, {ledger_keys->escrow});
    auto written = store_record(record);
    if (!written) co_return written;
  }
  crash_point("publish.before_offer");
  for (;;) {
    std::string offer_jws = record.offer_jws;
    Bytes sealed_key = record.sealed_key;
    auto posted = co_await ledger_.post_offer(std::move(offer_jws), std::move(sealed_key));
    if (posted) break;
    auto waited = co_await wait_after(posted.error(), told);
    if (!waited) co_return waited;
  }
  crash_point("publish.after_offer");
  co_return titles_.set_offer(title.manifest.title, record.offer_jws);
}

}  // namespace hearth::node
