#include "node/ledger_link/mailbox.h"

#include <algorithm>
#include <utility>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "common/wire/gift_documents.h"

namespace hearth::node {
namespace {

constexpr std::string_view cursor_key = "mailbox/cursor";
constexpr std::int64_t collect_changes_ms = 1'000;
constexpr std::int64_t silence_ms = 10 * 60 * 1000;
constexpr std::int64_t first_backoff_ms = 250;
constexpr std::int64_t max_backoff_ms = 15'000;
constexpr std::int64_t max_sequence = std::int64_t{1} << 62;

Result<std::uint64_t> stored_cursor(const Records& records) {
  auto stored = records.get(cursor_key);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return 0;
  hearth::Reader in(**stored);
  const bool known = in.u8() == 1;
  const std::uint64_t cursor = in.u64();
  if (!known || !in.done()) return damaged("mailbox cursor");
  return cursor;
}

}  // namespace

Mailbox::Mailbox(net::Loop& loop, LedgerLink& ledger, const identity::HomeKeys& home,
                 Records& records, Tokens tokens, Notebook notebook, OnDrop on_drop)
    : loop_(loop),
      ledger_(ledger),
      home_(home),
      records_(records),
      tokens_(std::move(tokens)),
      notebook_(std::move(notebook)),
      on_drop_(std::move(on_drop)),
      published_now_(loop),
      wake_(loop) {}

void Mailbox::start() {
  net::spawn(loop_, run(), "mailbox");
}

void Mailbox::stop() {
  stopping_ = true;
  if (socket_) socket_->close();
  wake_.notify_all();
}

net::Task<void> Mailbox::run() {
  std::int64_t backoff_ms = first_backoff_ms;
  while (!stopping_) {
    const UtcMs began = now_ms();
    const Result<void> ended = co_await listen();
    socket_ = nullptr;
    if (stopping_) break;
    if (!ended) spdlog::debug("mailbox: {}", ended.error().sentence);
    if (now_ms() - began > max_backoff_ms) backoff_ms = first_backoff_ms;
    co_await wake_.wait(backoff_ms);
    backoff_ms = std::min(backoff_ms * 2, max_backoff_ms);
  }
}

/// One request at a time: of two at once the older list could arrive last.
net::Task<Result<void>> Mailbox::publish_tokens() {
  while (publishing_ && !stopping_) co_await published_now_.wait(first_backoff_ms);
  auto tokens = tokens_();
  if (!tokens) co_return pass_on(tokens.error());
  auto notebook = notebook_.write();
  if (!notebook) co_return pass_on(notebook.error());
  Published wanted{std::move(*tokens), std::move(*notebook)};
  if (published_ == wanted) co_return Result<void>();
  std::vector<identity::DropToken> sent = wanted.tokens;
  Bytes sealed = notebook_.seal(wanted.notebook);
  publishing_ = true;
  auto opened = co_await ledger_.open_mailbox(std::move(sent), std::move(sealed));
  publishing_ = false;
  published_now_.notify_all();
  if (opened) published_ = std::move(wanted);
  co_return opened;
}

void Mailbox::publish_soon() {
  if (stopping_ || std::exchange(publishes_soon_, true)) return;
  net::spawn(loop_, publish_later(), "notebook");
}

net::Task<void> Mailbox::publish_later() {
  co_await wake_.wait(collect_changes_ms);
  publishes_soon_ = false;
  if (stopping_) co_return;
  const auto published = co_await publish_tokens();
  if (!published) spdlog::debug("mailbox: {}", published.error().sentence);
}

net::Task<Result<void>> Mailbox::listen() {
  published_.reset();  // said again after each interruption
  auto opened = co_await publish_tokens();
  if (!opened) co_return pass_on(opened.error());
  auto connected = co_await ledger_.mailbox_events();
  if (!connected) co_return pass_on(connected.error());
  socket_ = *connected;
  const std::shared_ptr<net::WebSocket> socket = socket_;
  if (stopping_) co_return fail(Code::interrupted, "The node is stopping.");

  auto greeting = co_await socket->read(30'000);
  if (!greeting) co_return pass_on(greeting.error());
  const auto json = wire::parse_json(*greeting, 4096);
  if (!json) co_return pass_on(json.error());
  wire::Fields fields(*json, "challenge");
  const std::string challenge = fields.required_text("challenge", 200);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto cursor = stored_cursor(records_);
  if (!cursor) co_return pass_on(cursor.error());
  const wire::Json payload =
      wire::with_issued({{"mailbox", to_base64url(home_.mailbox().public_key())},
                         {"challenge", challenge},
                         {"after", *cursor}},
                        now_ms());
  auto sent =
      co_await socket->write(wire::sign_jws("hearth/mailbox-open/1", payload, home_.mailbox()));
  if (!sent) co_return pass_on(sent.error());

  while (!stopping_) {
    auto message = co_await socket->read(silence_ms);
    if (!message) co_return pass_on(message.error());
    const auto sequence = take(*message);
    if (!sequence) co_return pass_on(sequence.error());
    const wire::Json ack = {{"ack", *sequence}};
    auto acknowledged = co_await socket->write(ack.dump());
    if (!acknowledged) co_return pass_on(acknowledged.error());
  }
  co_return Result<void>();
}

Result<std::uint64_t> Mailbox::take(const Bytes& message) {
  const auto json = wire::parse_json(message, 2 * wire::max_drop);
  if (!json) return pass_on(json.error());
  wire::Fields fields(*json, "drop");
  const auto sequence = static_cast<std::uint64_t>(fields.integer("sequence", 1, max_sequence));
  const Bytes drop = fields.base64url("drop", wire::max_drop);
  if (!fields.ok()) return pass_on(fields.error());
  const auto cursor = [sequence](store::Batch& batch) {
    put(batch, cursor_key, Writer().u8(1).u64(sequence).view());
  };
  auto taken = on_drop_(drop, cursor);
  if (!taken) {
    spdlog::error("mailbox: a drop could not be stored: {}", taken.error().sentence);
    return pass_on(taken.error());
  }
  crash_point("gifts.receive.before_ack");
  return sequence;
}

}  // namespace hearth::node
