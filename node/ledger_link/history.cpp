#include "node/ledger_link/history.h"

#include "common/base/log.h"
#include "common/tlog/proof_file.h"
#include "node/ledger_link/ledger_link.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::string_view believed_record = "ledger/checkpoint";
constexpr std::string_view alarm_record = "ledger/alarm";
constexpr std::string_view accepted_prefix = "ledger/accepted/";
constexpr std::size_t max_sentence = 2000;
constexpr int attempts = 4;

/// The checkpoint that an alarm is about: shown as it is, or at the end of a proof.
std::optional<tlog::Checkpoint> checkpoint_shown(const std::string& shown,
                                                 const crypto::SignPublicKey& key) {
  const auto proof = tlog::parse_proof(shown);
  const auto checkpoint = tlog::read_checkpoint(proof ? proof->checkpoint : shown, key);
  return checkpoint ? std::optional(*checkpoint) : std::nullopt;
}

}  // namespace

Bytes encode(const HistoryAlarm& alarm) {
  Writer out;
  out.u8(format).i64(alarm.at_ms).text(alarm.sentence).text(alarm.before).text(alarm.shown);
  return out.take();
}

Result<HistoryAlarm> decode_alarm(ByteView bytes) {
  hearth::Reader in(bytes);
  HistoryAlarm alarm;
  const bool known = in.u8() == format;
  alarm.at_ms = in.i64();
  alarm.sentence = in.text(max_sentence);
  alarm.before = in.text(tlog::max_note_bytes);
  alarm.shown = in.text(256 * 1024);
  if (!known || !in.done()) return damaged("alarm about the ledger");
  return alarm;
}

Bytes encode(const AcceptedHistory& accepted) {
  Writer out;
  out.u8(format).i64(accepted.at_ms).text(accepted.note).bytes(encode(accepted.alarm));
  return out.take();
}

Result<AcceptedHistory> decode_accepted(ByteView bytes) {
  hearth::Reader in(bytes);
  AcceptedHistory accepted;
  const bool known = in.u8() == format;
  accepted.at_ms = in.i64();
  accepted.note = in.text(tlog::max_note_bytes);
  const auto alarm = decode_alarm(in.bytes(512 * 1024));
  if (!known || !in.done() || !alarm) return damaged("accepted history of the ledger");
  accepted.alarm = *alarm;
  return accepted;
}

Standing standing_of(const tlog::Checkpoint& shown, const tlog::Checkpoint& believed) {
  if (shown.size == believed.size)
    return shown.root == believed.root ? Standing::same : Standing::contradicts;
  return shown.size > believed.size ? Standing::newer : Standing::older;
}

Result<std::string> History::believed() const {
  if (records_ == nullptr) return unstored_;
  const auto stored = records_->get(believed_record);
  if (!stored) return pass_on(stored.error());
  return *stored ? std::string(as_text(**stored)) : std::string();
}

Result<void> History::remember(const std::string& note) {
  unstored_ = note;
  if (records_ == nullptr) return {};
  store::Batch batch;
  put(batch, believed_record, as_bytes(note));
  return records_->commit(batch);
}

Result<std::optional<HistoryAlarm>> History::alarm() const {
  if (records_ == nullptr) return std::optional<HistoryAlarm>();
  const auto stored = records_->get(alarm_record);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return std::optional<HistoryAlarm>();
  auto alarm = decode_alarm(**stored);
  if (!alarm) return pass_on(alarm.error());
  return std::optional(std::move(*alarm));
}

tl::unexpected<Error> History::raise(const std::string& what, const std::string& before,
                                     const std::string& shown) {
  const std::string sentence =
      "ALARM: " + what +
      " Either its books were put back to an older state, or it shows different homes different "
      "books. Nothing was paid now. Ask the ledger's operator, compare with other homes, and keep "
      "this home's directory: it holds the signed evidence. If the books were restored honestly, "
      "`hearth wallet alarm accept` goes on with them.";
  const auto known = alarm();
  const bool is_new = known && !*known;
  if (is_new) spdlog::critical("ledger: {}", sentence);
  if (is_new && records_ != nullptr) {
    store::Batch batch;
    put(batch, alarm_record, encode(HistoryAlarm{now_ms(), sentence, before, shown}));
    if (const auto stored = records_->commit(batch); !stored)
      spdlog::error("ledger: the alarm could not be stored: {}", stored.error().sentence);
  }
  return fail(Code::history_differs, sentence);
}

net::Task<Result<tlog::Checkpoint>> History::believe(std::string note) {
  const auto shown = tlog::read_checkpoint(note, key_);
  if (!shown) co_return pass_on(shown.error());
  // Again from the start when another task has believed something newer while this one waited.
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto before = believed();
    if (!before) co_return pass_on(before.error());
    if (before->empty()) {
      if (auto stored = remember(note); !stored) co_return pass_on(stored.error());
      co_return *shown;
    }
    const auto known = tlog::read_checkpoint(*before, key_);
    if (!known) co_return damaged("checkpoint of the ledger");
    const Standing standing = standing_of(*shown, *known);
    if (standing == Standing::same) co_return *shown;
    if (standing == Standing::contradicts)
      co_return raise(
          "The ledger has signed two journals of " + std::to_string(shown->size) + " records.",
          *before, note);
    const bool newer = standing == Standing::newer;
    const tlog::Checkpoint& small = newer ? *known : *shown;
    const tlog::Checkpoint& large = newer ? *shown : *known;
    const auto proof = co_await ledger_.log_consistency(small.size, large.size);
    if (!proof && proof.error().code != Code::not_found) co_return pass_on(proof.error());
    if (!proof || !tlog::verify_consistency(small.size, small.root, large.size, large.root, *proof))
      co_return raise("The ledger's journal of " + std::to_string(shown->size) +
                          " records does not contain the one of " + std::to_string(known->size) +
                          " records that it signed before.",
                      *before, note);
    const auto now_known = believed();
    if (!now_known) co_return pass_on(now_known.error());
    if (*now_known != *before) continue;
    if (newer) {
      if (auto stored = remember(note); !stored) co_return pass_on(stored.error());
    }
    co_return *shown;
  }
  co_return fail(Code::busy, "The ledger's journal is being checked already; ask again.");
}

net::Task<Result<bool>> History::contains(tlog::Checkpoint large, tlog::Checkpoint small) {
  const Standing standing = standing_of(large, small);
  if (standing != Standing::newer) co_return standing == Standing::same;
  const auto proof = co_await ledger_.log_consistency(small.size, large.size);
  if (!proof && proof.error().code != Code::not_found) co_return pass_on(proof.error());
  co_return proof&& tlog::verify_consistency(small.size, small.root, large.size, large.root,
                                             *proof);
}

/// The ledger either went back to what this home believed, or stands by what raised the alarm. An
/// alarm without a checkpoint fixes nothing that the newest one could be held to.
net::Task<Result<bool>> History::may_be_accepted(HistoryAlarm pending, tlog::Checkpoint newest) {
  const auto shown = checkpoint_shown(pending.shown, key_);
  if (!shown) co_return true;
  const auto note = believed();
  if (!note) co_return pass_on(note.error());
  if (!note->empty()) {
    const auto known = tlog::read_checkpoint(*note, key_);
    if (!known) co_return damaged("checkpoint of the ledger");
    const auto goes_on = co_await contains(newest, *known);
    if (!goes_on || *goes_on) co_return goes_on;
  }
  co_return co_await contains(newest, *shown);
}

net::Task<Result<AcceptedHistory>> History::accept(store::Batch also) {
  const auto none = [] {
    return fail(Code::not_found,
                "There is no alarm about the ledger, so there is nothing to accept.");
  };
  const auto pending = alarm();
  if (!pending) co_return pass_on(pending.error());
  if (!*pending) co_return none();
  const auto note = co_await ledger_.log_checkpoint();
  if (!note) co_return pass_on(note.error());
  const auto newest = tlog::read_checkpoint(*note, key_);
  if (!newest) co_return pass_on(newest.error());
  const auto good = co_await may_be_accepted(**pending, *newest);
  if (!good) co_return pass_on(good.error());
  if (!*good) {
    co_return fail(
        Code::history_differs,
        "The ledger now shows yet another journal than the two of the alarm. Nothing was "
        "accepted; ask its operator what happened.");
  }
  const auto before = accepted();
  if (!before) co_return pass_on(before.error());
  const auto still = alarm();
  if (!still) co_return pass_on(still.error());
  if (!*still) co_return none();  // another request was quicker
  AcceptedHistory out{now_ms(), *note, **still};
  put(also, std::string(accepted_prefix) + to_hex(Writer().u64(before->size()).view()),
      encode(out));
  put(also, believed_record, as_bytes(*note));
  erase(also, alarm_record);
  if (auto stored = records_->commit(also); !stored) co_return pass_on(stored.error());
  spdlog::warn("ledger: a person accepted its journal of {} records after an alarm", newest->size);
  co_return out;
}

Result<std::vector<AcceptedHistory>> History::accepted() const {
  std::vector<AcceptedHistory> out;
  if (records_ == nullptr) return out;
  const auto scanned =
      records_->scan(accepted_prefix, [&out](std::string_view, ByteView value) -> Result<void> {
        auto one = decode_accepted(value);
        if (!one) return pass_on(one.error());
        out.push_back(std::move(*one));
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  return out;
}

net::Task<Result<tlog::Checkpoint>> History::look() {
  auto note = co_await ledger_.log_checkpoint();
  if (!note) co_return pass_on(note.error());
  std::string text = std::move(*note);
  co_return co_await believe(std::move(text));
}

}  // namespace hearth::node
