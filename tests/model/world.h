// Small numbers made into what the books take: keys, ids, accounts, texts.
#pragma once

#include <string>

#include "ledger/machine/commands.h"
#include "tests/model/command.h"

namespace hearth::ledger::model {

identity::HomeAddress home_of(int home);
OfferId offer_of(int offer);
money::Currency currency_of(int currency);
AccountId account_of(const Place& place);
/// 16 or 32 bytes that only these three numbers make.
RequestId request_id_of(const Command& command);
VoucherInput voucher_of(const Command& command);
crypto::Sha256Digest request_hash_of(const Command& command);
EpochKey epoch_key_of(const Command& command);
/// A name, reference or reason: of an ill-formed command one that nobody may write.
std::string name_of(const Command& command);
std::string words_of(const Command& command);
std::string operator_of(const Command& command);

OpenCommand open_command(const Command& command);
OfferCommand offer_command(const Command& command);
DepositCommand deposit_command(const Command& command);
WithdrawCommand withdraw_command(const Command& command);
PurchaseCommand purchase_command(const Command& command);
RedeemCommand redeem_command(const Command& command);
RefundCommand refund_command(const Command& command);
ExchangeCommand exchange_command(const Command& command);
AdjustCommand adjust_command(const Command& command);
TransferCommand transfer_command(const Command& command);
AccountStateCommand state_command(const Command& command);
LimitsCommand limits_command(const Command& command);
FeesCommand fees_command(const Command& command);
EpochCommand epoch_command(const Command& command);

}  // namespace hearth::ledger::model
