// Shapes that the documents of both command lines share (docs/api.md): what --json prints.
#pragma once

#include "common/base/error.h"
#include "common/money/amount.h"
#include "common/wire/json.h"

namespace hearth::wire {

/// A failure, on stdout with --json and as `problem` in documents.
inline Json failure_document(const Error& error) {
  return {{"code", code_name(error.code)}, {"sentence", error.sentence}};
}

/// Money for programs, and as `text` for people.
inline Json money_document(const money::Amount& amount) {
  return {{"minor", amount.minor},
          {"currency", amount.currency.code()},
          {"text", money::format(amount)}};
}

}  // namespace hearth::wire
