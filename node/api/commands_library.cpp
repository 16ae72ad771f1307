#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 4096;
constexpr std::size_t max_files = 1000;
constexpr std::int64_t latest_ms = std::int64_t{1} << 53;
constexpr std::int64_t wait_for_picture_ms = 3'000;

Result<PublishOrder> publish_order(wire::Fields& fields, const std::string& item) {
  PublishOrder order;
  order.item = item;
  order.is_private = fields.boolean_or("private", false);
  order.terms.giftable = !fields.boolean_or("not_giftable", false);
  order.terms.min_age = fields.integer_or("min_age", 0, 21, 0);
  order.terms.sold_until_ms = fields.integer_or("sold_until_ms", 0, latest_ms, 0);
  order.terms.not_before_ms = fields.integer_or("not_before_ms", 0, latest_ms, 0);
  order.terms.redeem_until_ms = fields.integer_or("redeem_until_ms", 0, latest_ms, 0);
  order.terms.refund_until_ms = fields.integer_or("refund_until_ms", 0, latest_ms, 0);
  order.terms.homes = fields.integer_or("homes", 1, 16, 1);
  const std::string price_text = fields.text("price", 100);
  if (!fields.ok()) return pass_on(fields.error());
  if (order.is_private) {
    order.terms = {};
    return order;
  }
  if (order.terms.redeem_until_ms != 0 && order.terms.redeem_until_ms < order.terms.not_before_ms) {
    return fail(Code::usage,
                "Nobody could ever open it: the last day comes before the first one. Nothing was "
                "published.");
  }
  const auto price = money::parse(price_text);
  if (!price) return pass_on(price.error());
  if (price->minor < 0) {
    return fail(Code::amount_invalid, "A price is not negative. Nothing was published.");
  }
  order.price = *price;
  return order;
}

wire::Json published_document(const Title& title) {
  wire::Json out = {{"title", to_hex(title.manifest.title)},
                    {"name", title.manifest.name},
                    {"size", title.manifest.size},
                    {"info_hash", to_hex(title.manifest.info_hash)}};
  if (title.offer_jws.empty()) return out;
  const auto offer = wire::read_offer(title.offer_jws);
  if (!offer) return out;
  out["offer"] = to_hex(offer->id);
  out["price"] = document(offer->price);
  return out;
}

std::string how_far(const TransferProgress& progress) {
  const std::uint64_t percent =
      progress.total_bytes == 0 ? 0 : progress.done_bytes * 100 / progress.total_bytes;
  return std::to_string(percent) + " % of it is here, from " + std::to_string(progress.peers) +
         (progress.peers == 1 ? " peer" : " peers");
}

net::Response file_response(const std::string& media_type, Bytes bytes) {
  net::Response response;
  response.headers["content-type"] = media_type;
  response.body = std::move(bytes);
  return response;
}

}  // namespace

bool Commands::is_private(const Title& title) const {
  if (!title.offer_jws.empty()) return false;
  if (title.origin == TitleOrigin::received) return true;
  const auto torrent = rooms_.titles->torrent_of(title.manifest.title);
  if (!torrent) return true;
  const auto info = read_torrent(*torrent);
  return !info || info->is_private;
}

Commands::Answer Commands::library_add(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const wire::Json files = fields.array("files", max_files);
  if (!fields.ok()) co_return pass_on(fields.error());
  wire::Json added = wire::Json::array();
  for (const auto& file : files) {
    if (!file.is_string()) co_return fail(Code::usage, "A file is named by its path.");
    const std::filesystem::path path = file.get<std::string>();
    if (!path.is_absolute()) co_return fail(Code::usage, "The path of a file is absolute here.");
    const auto item = co_await rooms_.titles->add_item(path);
    if (!item) co_return pass_on(item.error());
    added.push_back(document(*item));
  }
  co_return wire::Json{{"items", std::move(added)}};
}

Commands::Answer Commands::library_list(wire::Json) {
  wire::Json items = wire::Json::array(), titles = wire::Json::array();
  for (const auto& item : rooms_.titles->items()) items.push_back(document(item));
  const auto rules = seen_rules();
  if (!rules) co_return pass_on(rules.error());
  for (const auto& title : rooms_.titles->titles()) {
    const auto rating = rating_of(title);
    if (!rating) co_return pass_on(rating.error());
    if (!rules->shows(*rating)) continue;
    const bool complete = rooms_.titles->progress(title.manifest.title).complete;
    titles.push_back(document(title, is_private(title), complete));
    if (!rooms_.titles->keeps_data(title.manifest.title)) titles.back()["removed"] = true;
  }
  co_return wire::Json{{"items", std::move(items)}, {"titles", std::move(titles)}};
}

Commands::Answer Commands::publish(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.required_text("item", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto item = rooms_.titles->item(what);
  if (!item) co_return pass_on(item.error());
  auto order = publish_order(fields, item->id);
  if (!order) co_return pass_on(order.error());
  auto job = jobs_.begin();
  if (!job) co_return pass_on(job.error());
  net::spawn(loop_, run_publish(std::move(*order), *job), "publish job");
  co_return wire::Json{{"job", (*job)->id()}};
}

net::Task<void> Commands::run_publish(PublishOrder order, std::shared_ptr<Job> job) {
  Publisher::Told told = [job](const std::string& step, std::uint64_t done, std::uint64_t total) {
    job->note_progress(step, done, total);
  };
  const auto title = co_await rooms_.publisher->publish(std::move(order), std::move(told));
  if (!title) {
    job->fail(title.error());
    co_return;
  }
  job->finish(published_document(*title));
}

Commands::Answer Commands::play(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.required_text("title", max_argument);
  const bool from_start = fields.boolean_or("from_start", false);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto title = rooms_.titles->find(what);
  if (!title) co_return pass_on(title.error());
  const wire::TitleId id = title->manifest.title;
  const auto rating = rating_of(*title);
  if (!rating) co_return pass_on(rating.error());
  auto seen = may_see(*rating, title->manifest.name);
  if (!seen) co_return pass_on(seen.error());
  if (!title->key) {
    co_return fail(Code::not_playable_yet,
                   title->manifest.name +
                       " cannot be played yet: its key comes with the first "
                       "piece, and " +
                       how_far(rooms_.titles->progress(id)) +
                       ". Nothing is lost; hearth transfers shows how it goes on.");
  }
  std::string note, from;
  const auto gifts = rooms_.gifts->store().received_of(to_hex(id));
  if (!gifts) co_return pass_on(gifts.error());
  for (const auto& gift : *gifts) {
    const auto sender = rooms_.contacts->by_home(gift.from);
    note = gift.words.note;
    from = sender && *sender ? (*sender)->name : "a home that is no contact";
  }
  const std::int64_t start_ms = from_start ? 0 : rooms_.positions->of(to_hex(id));
  auto played = co_await rooms_.screen->play(id, start_ms, std::move(note), std::move(from));
  if (!played) co_return pass_on(played.error());
  const UtcMs deadline = now_ms() + wait_for_picture_ms;
  while (now_ms() < deadline &&
         (rooms_.screen->state().state == "idle" || rooms_.screen->state().state == "opening")) {
    co_await rooms_.screen->changed().wait(deadline - now_ms());
  }
  co_return wire::Json{{"tv", document(rooms_.screen->state())}};
}

Commands::Answer Commands::stop(wire::Json) {
  auto stopped = rooms_.screen->command("stop", 0);
  if (!stopped) co_return pass_on(stopped.error());
  co_return wire::Json{{"tv", document(rooms_.screen->state())}};
}

Commands::Answer Commands::remote(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string name = fields.required_text("key", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto key = link::key_from_name(name);
  if (!key) {
    co_return fail(Code::usage, "The remote control has no key " + name +
                                    ". Nothing was pressed; its keys are " + link::key_names() + ".");
  }
  auto pressed = rooms_.screen->press(*key);
  if (!pressed) co_return pass_on(pressed.error());
  co_return wire::Json{{"key", name}, {"tv", document(rooms_.screen->state())}};
}

net::Task<Result<net::Response>> Commands::screenshot() {
  auto png = co_await rooms_.screen->screenshot();
  if (!png) co_return pass_on(png.error());
  co_return file_response("image/png", std::move(*png));
}

/// The torrent of a title that is here, or of any offer: what a stock client needs to seed it.
net::Task<Result<Bytes>> Commands::torrent_bytes(std::string what) {
  const auto title = rooms_.titles->find(what);
  if (title) co_return rooms_.titles->torrent_of(title->manifest.title);
  const auto offer = co_await find_offer(std::move(what));
  if (!offer) co_return pass_on(offer.error());
  auto bytes = co_await rooms_.ledger->torrent(offer->manifest.info_hash);
  if (!bytes) co_return pass_on(bytes.error());
  const auto info = read_torrent(*bytes);
  if (!info) co_return pass_on(info.error());
  if (info->title != offer->manifest.title) {
    co_return fail(Code::bad_torrent,
                   "The ledger's torrent is not the one of this offer. Nothing was saved.");
  }
  co_return bytes;
}

net::Task<Result<net::Response>> Commands::torrent(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string what = fields.required_text("what", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto bytes = co_await torrent_bytes(std::move(what));
  if (!bytes) co_return pass_on(bytes.error());
  co_return file_response("application/x-bittorrent", std::move(*bytes));
}

}  // namespace hearth::node
