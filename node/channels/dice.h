// Chance that comes out the same for ever: hashes of the channel's seed, a name and a number
// (splitmix64, FNV-1a), never the standard library's distributions. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::node::channels {

std::uint64_t mixed(std::uint64_t value);
std::uint64_t seed_of(std::uint64_t seed, std::string_view name);
/// 0 ≤ result < n; n > 0.
std::uint64_t roll(std::uint64_t seed, std::uint64_t turn, std::uint64_t n);
/// The order of 0..n-1 in this round. The first of a round is never the last of the one before
/// it, unless n is 1. `last_before`: that one, when it is known.
std::vector<std::uint32_t> shuffled(std::uint64_t seed, std::uint64_t round, std::uint32_t n,
                                    std::optional<std::uint32_t> last_before = std::nullopt);

}  // namespace hearth::node::channels
