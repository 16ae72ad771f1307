// What the changes of edit.h have in common. Pure; room-internal.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/names.h"
#include "node/channels/channel_json.h"

namespace hearth::node::channels {

inline tl::unexpected<Error> not_there(const char* what, const std::string& id) {
  return fail(Code::not_found, "The channel has no " + std::string(what) + " \"" + printable(id) +
                                   "\". Nothing was changed.");
}

template <class T>
typename std::vector<T>::iterator find_by_id(std::vector<T>& all, const std::string& id) {
  return std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
}

/// Puts members over those of a part and reads it again; null takes one away (RFC 7396).
template <class T>
Result<void> put_members(T& part, const wire::Json& members, Result<T> (*read)(const wire::Json&)) {
  if (!members.is_object())
    return fail(Code::usage, "The members to set are not a JSON object. Nothing was changed.");
  wire::Json json = to_json(part);
  json.merge_patch(members);
  auto changed = read(json);
  if (!changed) return pass_on(std::move(changed.error()));
  if (changed->id != part.id)
    return fail(Code::usage, "An id cannot be changed. Nothing was changed.");
  part = std::move(*changed);
  return {};
}

/// Whether a document with this part could be read again.
template <class T>
Result<void> readable(const T& part, Result<T> (*read)(const wire::Json&)) {
  auto same = read(to_json(part));
  if (!same) return pass_on(std::move(same.error()));
  return {};
}

}  // namespace hearth::node::channels
