#include "ledger/export/export.h"

#include "ledger/export/cursor.h"
#include "ledger/export/form.h"
#include "ledger/export/walk.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;

namespace part = export_part;

/// What of a record is not money, whichever kind it is.
template <class W>
void take_texts(const W& what, ExportedRecord& out) {
  if constexpr (requires { what.request_id; }) out.reference = to_hex(what.request_id);
  if constexpr (requires { what.reference; }) out.reference = what.reference;
  if constexpr (requires { what.offer; }) out.offer = to_hex(what.offer);
  if constexpr (requires { what.terms.offer; }) out.offer = to_hex(what.terms.offer);
  if constexpr (requires { what.by; }) out.by = what.by;
  if constexpr (requires { what.reason; }) out.reason = what.reason;
}

class Exporter {
 public:
  Exporter(const store::View& view, const Form& form, bool pseudonyms)
      : view_(view), books_(view), form_(form), pseudonyms_(pseudonyms) {}

  Result<void> begin(const Period& period, ExportPlace place) {
    place_ = place;
    head_.first = place.begin;
    head_.end = place.end;
    auto currencies = books_.currencies();
    if (!currencies) return pass_on(currencies.error());
    head_.currencies = std::move(*currencies);
    auto first = time_of(place.begin, place.end);
    if (!first) return pass_on(first.error());
    auto last = time_of(place.end == 0 ? 0 : place.end - 1, place.end);
    if (!last) return pass_on(last.error());
    head_.from_ms = period.from.value_or(*first);
    head_.closed_ms = next_day(std::max(head_.from_ms, *last));
    return {};
  }

  std::string head() const { return form_.head(head_); }

  /// Writes until the chunk is full or everything is written.
  Result<ExportChunk> chunk(std::string text) {
    text_ = std::move(text);
    while (place_.part != part::done && text_.size() < chunk_bytes) {
      auto written = place_.part == part::records ? walk_records() : walk_accounts();
      if (!written) return pass_on(written.error());
      if (!*written) break;
      text_ += form_.end_of_part(place_.part);
      place_.part += 1;
      place_.first = true;
      place_.account.reset();
    }
    return ExportChunk{std::move(text_), place_.part == part::done ? "" : write_cursor(place_)};
  }

 private:
  /// The time of record `index` of [0, end); 0 in an empty journal.
  Result<UtcMs> time_of(std::uint64_t index, std::uint64_t end) const {
    if (end == 0) return 0;
    const auto record = books_.record(std::min(index, end - 1));
    if (!record) return pass_on(record.error());
    return *record ? (*record)->at_ms : 0;
  }

  /// True when the part is complete.
  Result<bool> walk_accounts() {
    // Ids first: what is written of an account reads more rows.
    std::vector<AccountId> ids;
    constexpr std::size_t step = 500;
    auto scanned =
        each_account_after(view_, place_.account, std::nullopt, [&ids](const AccountId& id, auto&) {
          ids.push_back(id);
          return ids.size() < step;
        });
    if (!scanned) return pass_on(scanned.error());
    for (const AccountId& id : ids) {
      if (text_.size() >= chunk_bytes) return false;
      if (auto written = write_account(id); !written) return pass_on(written.error());
      place_.account = id;
    }
    return ids.size() < step;
  }

  Result<void> write_account(const AccountId& id) {
    const auto used = was_used_before(books_, id, head_.end);
    if (!used) return pass_on(used.error());
    if (!*used) return {};
    const auto account = named(id);
    if (!account) return pass_on(account.error());
    std::string text;
    if (place_.part == part::accounts) {
      text = form_.account(head_, *account, place_.first);
    } else {
      const bool opening = place_.part == part::openings;
      const auto balance = balance_before(books_, id, opening ? head_.first : head_.end);
      if (!balance) return pass_on(balance.error());
      if (opening && *balance == 0) return {};
      text = opening ? form_.opening(head_, *account, *balance, place_.first)
                     : form_.closing(head_, *account, *balance, place_.first);
    }
    if (!text.empty()) place_.first = false;
    text_ += text;
    return {};
  }

  Result<bool> walk_records() {
    place_.index = std::max(place_.index, head_.first);
    std::vector<Record> batch;
    bool readable = true;
    std::size_t bytes = 0;
    auto scanned = view_.scan(books::journal_key(place_.index), books::journal_key(head_.end),
                              [&](ByteView, ByteView value) {
                                const auto stored = split_stored(value);
                                auto record = stored ? decode_record(stored->record) : std::nullopt;
                                readable = record.has_value();
                                if (record) batch.push_back(std::move(*record));
                                bytes += value.size();
                                return readable && bytes < chunk_bytes / 4;
                              });
    if (!scanned) return pass_on(scanned.error());
    for (const Record& record : batch) {
      if (text_.size() >= chunk_bytes) return false;
      if (record.index != place_.index) readable = false;
      if (!readable) break;
      if (auto written = write_record(record); !written) return pass_on(written.error());
      place_.index = record.index + 1;
    }
    if (!readable || (batch.empty() && place_.index < head_.end))
      return fail(Code::corrupt, "The journal cannot be read at record " +
                                     std::to_string(place_.index) +
                                     ". The export ends here; run `hearth-ledger audit`.");
    return place_.index >= head_.end;
  }

  Result<void> write_record(const Record& record) {
    ExportedRecord out;
    out.index = record.index;
    out.at_ms = record.at_ms;
    out.kind = kind_name(record.what);
    std::visit([&out](const auto& what) { take_texts(what, out); }, record.what);
    // People write names into references and reasons.
    if (pseudonyms_) out.reference.clear(), out.reason.clear();
    for (const Posting& posting : record.postings) {
      auto account = named(posting.account);
      if (!account) return pass_on(account.error());
      out.postings.emplace_back(std::move(*account), posting.delta);
    }
    const std::string text = form_.record(out, place_.first);
    if (!text.empty()) place_.first = false;
    text_ += text;
    return {};
  }

  Result<NamedAccount> named(const AccountId& id) const;

  const store::View& view_;
  const BooksView books_;
  const Form& form_;
  const bool pseudonyms_;
  ExportHead head_;
  ExportPlace place_;
  std::string text_;
};

Result<NamedAccount> Exporter::named(const AccountId& id) const {
  const std::string code(id.currency().code());
  switch (id.kind()) {
    case AccountKind::cash:
      return NamedAccount{id, "Assets:Cash:" + code, ""};
    case AccountKind::fees:
      return NamedAccount{id, "Income:Fees:" + code, ""};
    case AccountKind::adjustments:
      return NamedAccount{id, "Expenses:Adjustments:" + code, ""};
    case AccountKind::escrow:
      return NamedAccount{
          id,
          "Liabilities:Escrow:Offer-" + to_hex(id.offer()) + ":Epoch-" + std::to_string(id.epoch()),
          ""};
    case AccountKind::wallet:
      break;
  }
  const auto home = books_.home(id.home());
  if (!home) return pass_on(home.error());
  std::string name = id.home().text();
  if (pseudonyms_) name = "Home-" + std::to_string(*home ? (*home)->index : 0);
  name[0] = 'H';
  const std::string pocket = id.pocket() == 0 ? "" : "-" + std::to_string(id.pocket());
  return NamedAccount{id, "Liabilities:Wallets:" + name + ":" + code + pocket,
                      *home && !pseudonyms_ ? (*home)->name : ""};
}

}  // namespace

Result<ExportChunk> export_chunk(const store::View& view, const ExportOrder& order) {
  const Form* form = form_of(order.format);
  if (!form) return fail(Code::usage, "An export has the format hledger, beancount, csv or json.");
  const BooksView books(view);
  const auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  ExportPlace place;
  if (order.cursor.empty()) {
    const auto range = records_of(books, order.period, tree->size());
    if (!range) return pass_on(range.error());
    place.begin = place.index = range->first;
    place.end = range->end;
  } else {
    auto read = read_cursor(order.cursor, tree->size());
    if (!read) return pass_on(read.error());
    place = std::move(*read);
  }
  Exporter exporter(view, *form, order.pseudonyms);
  if (auto begun = exporter.begin(order.period, place); !begun) return pass_on(begun.error());
  return exporter.chunk(order.cursor.empty() ? exporter.head() : std::string());
}

}  // namespace hearth::ledger
