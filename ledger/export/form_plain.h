// The plain-text forms: what `hledger check` and `bean-check` accept. The balances at the end are
// assertions, so that both programs prove them.
#pragma once

#include "ledger/export/form.h"

namespace hearth::ledger {

class HledgerForm : public Form {
 public:
  std::string head(const ExportHead& head) const override;
  std::string account(const ExportHead&, const NamedAccount&, bool) const override;
  std::string opening(const ExportHead&, const NamedAccount&, std::int64_t, bool) const override;
  std::string record(const ExportedRecord& record, bool) const override;
  std::string closing(const ExportHead&, const NamedAccount&, std::int64_t, bool) const override;
  std::string end_of_part(int) const override;
};

class BeancountForm : public Form {
 public:
  std::string head(const ExportHead& head) const override;
  std::string account(const ExportHead&, const NamedAccount&, bool) const override;
  std::string opening(const ExportHead&, const NamedAccount&, std::int64_t, bool) const override;
  std::string record(const ExportedRecord& record, bool) const override;
  std::string closing(const ExportHead&, const NamedAccount&, std::int64_t, bool) const override;
  std::string end_of_part(int) const override;
};

}  // namespace hearth::ledger
