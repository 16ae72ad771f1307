// hledger's journal and beancount's ledger.
#include "ledger/export/form_plain.h"

#include <algorithm>

#include "common/base/names.h"
#include "ledger/export/period.h"

namespace hearth::ledger {
namespace {

/// Our credit is the accountant's negative number. The machine keeps every balance off INT64_MIN.
std::string amount_text(const AccountId& account, std::int64_t ours) {
  return money::format({-ours, account.currency()});
}

std::string opening_account(const AccountId& account) {
  return "Equity:Opening:" + std::string(account.currency().code());
}

/// One line; nothing in it that ends a description or begins a comment, a payee, a tag or a date.
std::string plain(std::string_view text) {
  std::string out = printable(text, 400);
  for (char& c : out)
    if (std::string_view(";|:[]\t").find(c) != std::string_view::npos) c = ' ';
  return out;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text, 400)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string posting(const std::string& account, const std::string& amount) {
  return "    " + account + "  " + amount + "\n";
}

}  // namespace

std::string HledgerForm::head(const ExportHead& head) const {
  std::string out = "; Books of a Hearth ledger, records " + std::to_string(head.first) + " to " +
                    std::to_string(head.end) + " (not included). Times are UTC.\n\n";
  for (const money::Currency& currency : head.currencies) {
    const std::string code(currency.code());
    const int digits = currency.exponent();
    out +=
        "commodity 1000." + std::string(static_cast<std::size_t>(digits), '0') + " " + code + "\n";
    out += "account Equity:Opening:" + code + "\n";
  }
  return out;
}

std::string HledgerForm::account(const ExportHead&, const NamedAccount& account, bool) const {
  const std::string owner = account.owner.empty() ? "" : "  ; home " + plain(account.owner);
  return "account " + account.name + owner + "\n";
}

std::string HledgerForm::opening(const ExportHead& head, const NamedAccount& account,
                                 std::int64_t balance, bool) const {
  return "\n" + utc_date(head.from_ms) + " * opening balance\n" +
         posting(account.name, amount_text(account.id, balance)) +
         posting(opening_account(account.id), amount_text(account.id, -balance));
}

std::string HledgerForm::record(const ExportedRecord& record, bool) const {
  if (record.postings.empty()) return {};
  std::string out =
      "\n" + utc_date(record.at_ms) + " * (" + std::to_string(record.index) + ") " + record.kind;
  for (const std::string* more : {&record.reference, &record.reason})
    if (!more->empty()) out += " " + plain(*more);
  out += "  ; " + plain(format_utc(record.at_ms));
  if (!record.offer.empty()) out += ", offer " + record.offer;
  if (!record.by.empty()) out += ", by " + plain(record.by);
  out += "\n";
  for (const auto& [account, delta] : record.postings)
    out += posting(account.name, amount_text(account.id, delta));
  return out;
}

std::string HledgerForm::closing(const ExportHead& head, const NamedAccount& account,
                                 std::int64_t balance, bool first) const {
  const std::string title = "\n" + utc_date(head.closed_ms) + " * closing balances\n";
  return (first ? title : "") + posting(account.name, amount_text(account.id, 0) + " = " +
                                                          amount_text(account.id, balance));
}

std::string HledgerForm::end_of_part(int) const {
  return {};
}

std::string BeancountForm::head(const ExportHead& head) const {
  std::string out = "; Books of a Hearth ledger, records " + std::to_string(head.first) + " to " +
                    std::to_string(head.end) + " (not included). Times are UTC.\n\n";
  for (const money::Currency& currency : head.currencies) {
    const std::string code(currency.code());
    out += "option \"operating_currency\" \"" + code + "\"\n";
  }
  for (const money::Currency& currency : head.currencies) {
    const std::string code(currency.code());
    out += utc_date(head.from_ms) + " open Equity:Opening:" + code + " " + code + "\n";
  }
  return out;
}

std::string BeancountForm::account(const ExportHead& head, const NamedAccount& account,
                                   bool) const {
  std::string out = utc_date(head.from_ms) + " open " + account.name + " " +
                    std::string(account.id.currency().code()) + "\n";
  if (!account.owner.empty()) out += "  home: " + in_quotes(account.owner) + "\n";
  return out;
}

std::string BeancountForm::opening(const ExportHead& head, const NamedAccount& account,
                                   std::int64_t balance, bool) const {
  return "\n" + utc_date(head.from_ms) + " * \"opening balance\"\n" +
         posting(account.name, amount_text(account.id, balance)) +
         posting(opening_account(account.id), amount_text(account.id, -balance));
}

std::string BeancountForm::record(const ExportedRecord& record, bool) const {
  if (record.postings.empty()) return {};
  std::string out = "\n" + utc_date(record.at_ms) + " * " + in_quotes(record.kind) + " " +
                    in_quotes(record.reference) + "\n  record: " + std::to_string(record.index) +
                    "\n  time: " + in_quotes(format_utc(record.at_ms)) + "\n";
  if (!record.offer.empty()) out += "  offer: " + in_quotes(record.offer) + "\n";
  if (!record.by.empty()) out += "  operator: " + in_quotes(record.by) + "\n";
  if (!record.reason.empty()) out += "  reason: " + in_quotes(record.reason) + "\n";
  for (const auto& [account, delta] : record.postings)
    out += posting(account.name, amount_text(account.id, delta));
  return out;
}

std::string BeancountForm::closing(const ExportHead& head, const NamedAccount& account,
                                   std::int64_t balance, bool first) const {
  // Without a tolerance of zero bean-check would let one minor unit pass.
  const std::string amount = amount_text(account.id, balance);
  const std::size_t blank = amount.find(' ');
  return (first ? "\n" : "") + utc_date(head.closed_ms) + " balance " + account.name + "  " +
         amount.substr(0, blank) + " ~ 0" + amount.substr(blank) + "\n";
}

std::string BeancountForm::end_of_part(int) const {
  return {};
}

}  // namespace hearth::ledger
