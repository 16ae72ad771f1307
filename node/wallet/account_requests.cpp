#include "node/wallet/account_requests.h"

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "node/wallet/purchase.h"

namespace hearth::node {
namespace {

using What = AccountRequest::What;
using State = AccountRequest::State;

const char* interrupted_sentence =
    "It is stored, and asked for again with the same bytes as soon as the ledger answers, so it is "
    "done at most once; the same command continues it.";

std::string key_of(const std::string& id) {
  return std::string(account_request_prefix) + id;
}

tl::unexpected<Error> another_sum(const money::Amount& told) {
  return fail(Code::bad_answer, "The ledger's answer speaks of " + money::format(told) +
                                    ", which is not what was asked for. Compare hearth wallet "
                                    "history, and ask the ledger's operator.");
}

}  // namespace

AccountRequests::AccountRequests(net::Loop& loop, Wallet& wallet, LedgerLink& ledger,
                                 Records& records, const identity::HomeKeys& home)
    : wallet_(wallet),
      ledger_(ledger),
      records_(records),
      home_(home),
      carrier_(
          loop, {"a refund or transfer", interrupted_sentence},
          [this](std::string id) { return ask(std::move(id)); },
          [this](const std::string& id) {
            const auto request = stored(id);
            return !request || !request->open();
          }) {}

void AccountRequests::resume() {
  const auto left = open();
  if (!left) {
    spdlog::error("wallet: {}", left.error().sentence);
    return;
  }
  for (const auto& request : *left) carrier_.start(request.id);
}

Result<std::vector<AccountRequest>> AccountRequests::open() const {
  std::vector<AccountRequest> out;
  auto scanned =
      records_.scan(account_request_prefix, [&](std::string_view, ByteView value) -> Result<void> {
        auto request = decode_account_request(value);
        if (!request) return pass_on(request.error());
        if (request->open()) out.push_back(std::move(*request));
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  return out;
}

Result<AccountRequest> AccountRequests::stored(const std::string& id) const {
  const auto bytes = records_.get(key_of(id));
  if (!bytes) return pass_on(bytes.error());
  if (!*bytes) return fail(Code::not_found, "This home made no such refund or transfer.");
  return decode_account_request(**bytes);
}

/// The voucher is no longer held in the same commit that stores the request.
Result<AccountRequest> AccountRequests::begin_refund(const std::string& voucher,
                                                     std::uint32_t pocket) {
  const auto record = wallet_.voucher(voucher);
  if (!record) return pass_on(record.error());
  if (record->state == VoucherState::refunding || record->state == VoucherState::refunded)
    return stored(voucher);
  const auto offer = wallet_.offer(record->voucher.offer);
  if (!offer) return pass_on(offer.error());
  AccountRequest request(offer->price);
  request.id = voucher;
  request.what = What::refund;
  request.begun_ms = now_ms();
  request.offer = offer->id;
  request.to = pocket;
  const std::string account = wallet_account(home_.address(), offer->price.currency, pocket);
  request.request_jws = wire::write_refund(record->voucher, account);
  store::Batch batch;
  auto moved =
      wallet_.move(batch, *record, VoucherEvent::give_back, record->gift, request.begun_ms);
  if (!moved) return pass_on(moved.error());
  put(batch, key_of(request.id), encode(request));
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return request;
}

void AccountRequests::sign_transfer(AccountRequest& request) const {
  const wire::TransferRequest document{.request_id = crypto::random_array<16>(),
                                       .home = home_.address(),
                                       .from_pocket = request.from,
                                       .to_pocket = request.to,
                                       .amount = request.amount,
                                       .issued_ms = now_ms()};
  request.id = to_hex(document.request_id);
  request.begun_ms = document.issued_ms;
  request.request_jws = wire::write_transfer(document, home_.identity());
}

Result<AccountRequest> AccountRequests::begin_transfer(AccountRequest wanted) {
  auto all = open();
  if (!all) return pass_on(all.error());
  for (auto& request : *all) {
    if (request.same_transfer(wanted)) return std::move(request);
  }
  sign_transfer(wanted);
  store::Batch batch;
  put(batch, key_of(wanted.id), encode(wanted));
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return wanted;
}

net::Task<Result<AccountRequest>> AccountRequests::refund(std::string voucher, std::uint32_t pocket,
                                                          std::int64_t patience_ms) {
  const auto begun = begin_refund(voucher, pocket);
  if (!begun || !begun->open()) co_return begun;
  co_return co_await outcome(std::move(voucher), patience_ms);
}

net::Task<Result<AccountRequest>> AccountRequests::transfer(std::uint32_t from, std::uint32_t to,
                                                            money::Amount amount,
                                                            std::int64_t patience_ms) {
  AccountRequest wanted(amount);
  wanted.from = from;
  wanted.to = to;
  const auto begun = begin_transfer(std::move(wanted));
  if (!begun) co_return pass_on(begun.error());
  std::string id = begun->id;
  co_return co_await outcome(std::move(id), patience_ms);
}

net::Task<Result<AccountRequest>> AccountRequests::outcome(std::string id,
                                                           std::int64_t patience_ms) {
  carrier_.start(id);
  id = co_await carrier_.wait(std::move(id), patience_ms);
  auto request = stored(id);
  if (!request || request->state == State::done) co_return request;
  if (request->state == State::refused) {
    co_return fail(code_from_name(request->problem_code), request->problem);
  }
  co_return pass_on(carrier_.unfinished(id));
}

/// Sends it once; what the ledger answered goes into `request`.
net::Task<Result<void>> AccountRequests::send(AccountRequest& request) {
  std::string jws = request.request_jws;
  if (request.what == What::refund) {
    const auto refunded = co_await ledger_.refund(std::move(jws));
    if (!refunded) co_return pass_on(refunded.error());
    if (refunded->amount != request.amount) co_return another_sum(refunded->amount);
    request.journal_index = refunded->journal_index;
    co_return Result<void>();
  }
  const auto transferred = co_await ledger_.transfer(std::move(jws));
  if (!transferred) co_return pass_on(transferred.error());
  const money::Amount& left = transferred->balance_after;
  if (left.currency != request.amount.currency) co_return another_sum(left);
  request.balance = left.minor;
  request.journal_index = transferred->journal_index;
  co_return Result<void>();
}

net::Task<Result<void>> AccountRequests::ask(std::string id) {
  auto request = stored(id);
  if (!request) co_return pass_on(request.error());
  crash_point("wallet.account.before_send");
  const auto sent = co_await send(*request);
  crash_point("wallet.account.after_answer");
  if (sent) {
    request->state = State::done;
    std::optional<VoucherEvent> event;
    if (request->what == What::refund) event = VoucherEvent::refund;
    co_return close(std::move(*request), event);
  }
  switch (account_answer(sent.error().code, now_ms() - request->begun_ms)) {
    case AccountAnswer::ask_again:
      break;
    case AccountAnswer::refused:
      co_return refuse(std::move(*request), sent.error(), VoucherEvent::release);
    case AccountAnswer::voucher_spent:
      co_return refuse(std::move(*request), sent.error(), VoucherEvent::refuse);
    case AccountAnswer::too_late:
      if (request->what == What::transfer) co_return renew(*request);
      co_return refuse(std::move(*request), sent.error(), VoucherEvent::release);
  }
  co_return pass_on(sent.error());
}

/// The end of the request, and of what became of the voucher, in one commit.
Result<void> AccountRequests::close(AccountRequest request,
                                    const std::optional<VoucherEvent>& event) {
  store::Batch batch;
  if (event) {
    const auto voucher = wallet_.voucher(request.id);
    if (!voucher) return pass_on(voucher.error());
    auto moved = wallet_.move(batch, *voucher, *event, voucher->gift, now_ms());
    if (!moved) return moved;
  }
  put(batch, key_of(request.id), encode(request));
  return records_.commit(batch);
}

Result<void> AccountRequests::refuse(AccountRequest request, const Error& why, VoucherEvent event) {
  request.state = State::refused;
  request.problem_code = code_name(why.code);
  request.problem = why.sentence.substr(0, 2000);
  spdlog::warn("wallet: a refund or transfer was refused: {}", request.problem_code);
  const bool is_refund = request.what == What::refund;
  return close(std::move(request), is_refund ? std::optional(event) : std::nullopt);
}

/// It never arrived while it was fresh, and the ledger will not take it any more: the same transfer
/// under a new id, instead of the old one.
Result<void> AccountRequests::renew(const AccountRequest& old) {
  AccountRequest fresh = old;
  sign_transfer(fresh);
  store::Batch batch;
  erase(batch, key_of(old.id));
  put(batch, key_of(fresh.id), encode(fresh));
  auto committed = records_.commit(batch);
  if (!committed) return committed;
  carrier_.renew(old.id, fresh.id);
  return {};
}

}  // namespace hearth::node
