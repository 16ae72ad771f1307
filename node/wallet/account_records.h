// What a home asked the ledger to do with its own accounts, as it is stored ("account/<id>"): a
// voucher given back for its price, money moved between two pockets. Stored with the exact bytes
// before they are sent; closed in the commit that also settles the voucher. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "common/wire/documents.h"
#include "node/wallet/records.h"

namespace hearth::node {

struct AccountRequest {
  /// Append only: stored.
  enum class What : std::uint8_t { refund = 1, transfer = 2 };
  /// Append only: stored.
  enum class State : std::uint8_t {
    pending = 1,  ///< stored, perhaps sent; the same bytes are sent until they are answered
    done = 2,
    refused = 3,  ///< the ledger said no; nothing was moved
  };
  explicit AccountRequest(const money::Amount& moved) : amount(moved) {}

  std::string id;  ///< hex: of a refund the voucher's, of a transfer the request id
  What what = What::transfer;
  State state = State::pending;
  money::Amount amount;  ///< the voucher's price, or what is transferred
  std::string request_jws;
  UtcMs begun_ms = 0;
  wire::OfferId offer{};              ///< refund
  std::uint32_t from = 0;             ///< transfer: pocket that pays
  std::uint32_t to = 0;               ///< pocket that receives
  std::int64_t balance = 0;           ///< transfer that is done: what is left in `from`, minor
  std::uint64_t journal_index = 0;    ///< done: of its record
  std::string problem_code, problem;  ///< refused: why

  bool open() const { return state == State::pending; }
  bool same_transfer(const AccountRequest& other) const {
    return what == What::transfer && other.what == what && from == other.from && to == other.to &&
           amount == other.amount;
  }
};
std::string_view name_of(AccountRequest::State state);
inline constexpr std::string_view account_request_prefix = "account/";

Bytes encode(const AccountRequest& request);
Result<AccountRequest> decode_account_request(ByteView bytes);

/// What an answer of the ledger means for a request about an account.
enum class AccountAnswer {
  ask_again,      ///< nobody knows whether it was done: the same bytes ask again
  refused,        ///< decided against: nothing was moved, the voucher is as good as before
  voucher_spent,  ///< somebody else used the voucher, or it is none
  too_late,       ///< it did not arrive while it was fresh, and never will: to be signed anew
};
/// `age_ms` since the request was signed.
AccountAnswer account_answer(Code code, UtcMs age_ms);

}  // namespace hearth::node
