// Delta debugging (Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input"): from
// a list that fails to one from which no single element can be left out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hearth::ledger::model {

/// `fails` is true for `list`; it is asked about ever shorter lists.
template <class T, class Fails>
std::vector<T> shrink(std::vector<T> list, Fails fails) {
  for (std::size_t part = std::max<std::size_t>(1, list.size() / 2);;) {
    bool shorter = false;
    for (std::size_t from = 0; from < list.size();) {
      const std::size_t count = std::min(part, list.size() - from);
      std::vector<T> rest(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(from));
      rest.insert(rest.end(), list.begin() + static_cast<std::ptrdiff_t>(from + count), list.end());
      if (!rest.empty() && fails(rest)) {
        list = std::move(rest);
        shorter = true;
      } else {
        from += count;
      }
    }
    if (part == 1 && !shorter) return list;
    if (!shorter || part > list.size()) part = std::max<std::size_t>(1, part / 2);
  }
}

}  // namespace hearth::ledger::model
