#include "node/channels/dice.h"

#include <numeric>
#include <utility>

namespace hearth::node::channels {
namespace {

std::vector<std::uint32_t> plain_shuffle(std::uint64_t seed, std::uint64_t round, std::uint32_t n) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  const std::uint64_t of_round = mixed(seed ^ mixed(round));
  for (std::uint32_t left = n; left > 1; --left)
    std::swap(order[left - 1], order[roll(of_round, left, left)]);
  return order;
}

}  // namespace

std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

std::uint64_t seed_of(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return mixed(seed ^ mixed(hash));
}

std::uint64_t roll(std::uint64_t seed, std::uint64_t turn, std::uint64_t n) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(mixed(seed ^ mixed(turn))) * n >>
                                    64);
}

std::vector<std::uint32_t> shuffled(std::uint64_t seed, std::uint64_t round, std::uint32_t n,
                                    std::optional<std::uint32_t> last_before) {
  if (n <= 2) return plain_shuffle(seed, 0, n);  // two can only take turns
  auto order = plain_shuffle(seed, round, n);
  if (round == 0) return order;
  // The last place is never swapped, so the round before can be asked as it is.
  if (!last_before) last_before = plain_shuffle(seed, round - 1, n).back();
  if (order[0] == last_before) std::swap(order[0], order[1]);
  return order;
}

}  // namespace hearth::node::channels
