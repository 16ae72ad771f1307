// CSV for spreadsheets and JSON for programs: every record, also those that post nothing.
#include "common/base/names.h"
#include "common/wire/json.h"
#include "ledger/export/form.h"
#include "ledger/export/form_plain.h"

namespace hearth::ledger {
namespace {

using wire::Json;

/// RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
std::string cell(std::string_view text) {
  std::string shown = printable(text, 400);
  if (!shown.empty() && std::string_view("=+-@").find(shown[0]) != std::string_view::npos)
    shown = "'" + shown;
  if (shown.find_first_of(",\"") == std::string::npos) return shown;
  std::string out = "\"";
  for (const char c : shown) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string decimal(const AccountId& account, std::int64_t ours) {
  const std::string text = money::format({-ours, account.currency()});
  return text.substr(0, text.find(' '));
}

class CsvForm : public Form {
 public:
  std::string head(const ExportHead&) const override {
    return "record,time,kind,account,home,amount,currency,reference,offer,operator,reason\r\n";
  }
  std::string account(const ExportHead&, const NamedAccount&, bool) const override { return {}; }
  std::string opening(const ExportHead& head, const NamedAccount& account, std::int64_t balance,
                      bool) const override {
    return "," + format_utc(head.from_ms) + ",opening," + money_cells(account, balance) +
           ",,,,\r\n";
  }
  std::string record(const ExportedRecord& record, bool) const override {
    const std::string begin =
        std::to_string(record.index) + "," + format_utc(record.at_ms) + "," + record.kind + ",";
    const std::string end = "," + cell(record.reference) + "," + record.offer + "," +
                            cell(record.by) + "," + cell(record.reason) + "\r\n";
    if (record.postings.empty()) return begin + ",,," + end;
    std::string out;
    for (const auto& [account, delta] : record.postings)
      out += begin + money_cells(account, delta) + end;
    return out;
  }
  std::string closing(const ExportHead& head, const NamedAccount& account, std::int64_t balance,
                      bool) const override {
    return "," + format_utc(head.closed_ms) + ",closing," + money_cells(account, balance) +
           ",,,,\r\n";
  }
  std::string end_of_part(int) const override { return {}; }

 private:
  static std::string money_cells(const NamedAccount& account, std::int64_t ours) {
    return account.name + "," + cell(account.owner) + "," + decimal(account.id, ours) + "," +
           std::string(account.id.currency().code());
  }
};

/// One document, a line for each member of its arrays.
class JsonForm : public Form {
 public:
  std::string head(const ExportHead& head) const override {
    Json currencies = Json::array();
    for (const auto& currency : head.currencies) currencies.push_back(currency.code());
    return "{\"first\":" + std::to_string(head.first) + ",\"end\":" + std::to_string(head.end) +
           ",\"currencies\":" + currencies.dump() + ",\n\"accounts\":[";
  }
  std::string account(const ExportHead&, const NamedAccount& account, bool first) const override {
    Json row{{"account", account.name}, {"currency", account.id.currency().code()}};
    if (!account.owner.empty()) row["home"] = account.owner;
    return line(row, first);
  }
  std::string opening(const ExportHead&, const NamedAccount& account, std::int64_t balance,
                      bool first) const override {
    return line(money(account, balance), first);
  }
  std::string record(const ExportedRecord& record, bool first) const override {
    Json postings = Json::array();
    for (const auto& [account, delta] : record.postings) postings.push_back(money(account, delta));
    Json row{{"index", record.index},
             {"at_ms", record.at_ms},
             {"kind", record.kind},
             {"postings", std::move(postings)}};
    for (const auto& [name, value] :
         {std::pair("reference", &record.reference), std::pair("offer", &record.offer),
          std::pair("operator", &record.by), std::pair("reason", &record.reason)})
      if (!value->empty()) row[name] = *value;
    return line(row, first);
  }
  std::string closing(const ExportHead&, const NamedAccount& account, std::int64_t balance,
                      bool first) const override {
    return line(money(account, balance), first);
  }
  std::string end_of_part(int part) const override {
    static constexpr const char* next[] = {"],\n\"opening\":[", "],\n\"records\":[",
                                           "],\n\"closing\":[", "]}\n"};
    return next[part];
  }

 private:
  static std::string line(const Json& row, bool first) {
    return (first ? "\n" : ",\n") + row.dump();
  }
  static Json money(const NamedAccount& account, std::int64_t ours) {
    return {
        {"account", account.name}, {"minor", -ours}, {"currency", account.id.currency().code()}};
  }
};

}  // namespace

const Form* form_of(std::string_view format) {
  static const HledgerForm hledger;
  static const BeancountForm beancount;
  static const CsvForm csv;
  static const JsonForm json;
  if (format == "hledger") return &hledger;
  if (format == "beancount") return &beancount;
  if (format == "csv") return &csv;
  if (format == "json") return &json;
  return nullptr;
}

}  // namespace hearth::ledger
