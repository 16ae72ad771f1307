// What a command line prints on stdout with --json when it fails, and what documents carry as
// `problem`: {"code": …, "sentence": …} (docs/api.md).
#pragma once

#include "common/base/error.h"
#include "common/wire/json.h"

namespace hearth::wire {

inline Json failure_document(const Error& error) {
  return {{"code", code_name(error.code)}, {"sentence", error.sentence}};
}

}  // namespace hearth::wire
