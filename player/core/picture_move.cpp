#include "player/core/picture_move.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hearth::player {
namespace {

constexpr double most_zoom = 0.22;  // to 1.16 of its size
constexpr std::int64_t whole_way_ms = 40'000, fade_ms = 500;

/// FNV-1a: the same on every machine.
std::uint32_t hash_of(const std::string& text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
  return hash;
}

/// Half-open: where the picture that is on at that moment begins and ends.
struct Span {
  std::int64_t from_ms, to_ms;
};

Span span_of(const link::AirItem& item, std::int64_t list_ms) {
  Span span{item.start_ms, item.end_ms};
  if (item.beside.empty() || item.picture_ms <= 0) return span;
  const std::int64_t into = item.in_point_ms + std::max<std::int64_t>(0, list_ms - item.start_ms);
  const std::int64_t begins = list_ms - into % item.picture_ms;
  return {std::max(span.from_ms, begins), std::min(span.to_ms, begins + item.picture_ms)};
}

}  // namespace

PictureMove slow_move(const std::string& picture, double part) {
  const std::uint32_t way = hash_of(picture);
  const double t = std::clamp(part, 0.0, 1.0);
  // Softly at both ends.
  const double eased = t * t * (3 - 2 * t);
  PictureMove move;
  move.zoom = most_zoom * ((way & 1) != 0 ? 1 - eased : eased);
  // As far as the picture stands out over its edges, and no farther.
  const double over = (1 - std::exp2(-move.zoom)) / 2;
  move.x = (way & 2) != 0 ? over : -over;
  move.y = (way & 4) != 0 ? over : -over;
  return move;
}

double there_and_back(std::int64_t shown_ms) {
  const double turn = static_cast<double>(shown_ms % whole_way_ms) / whole_way_ms;
  return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turn);
}

double part_of_picture(const link::AirItem& item, std::int64_t list_ms) {
  const Span span = span_of(item, list_ms);
  return static_cast<double>(list_ms - span.from_ms) /
         static_cast<double>(std::max<std::int64_t>(1, span.to_ms - span.from_ms));
}

std::string beside_at(const link::AirItem& item, std::int64_t list_ms) {
  if (item.beside.empty() || item.picture_ms <= 0) return "";
  const std::int64_t into = item.in_point_ms + std::max<std::int64_t>(0, list_ms - item.start_ms);
  return item.beside[static_cast<std::size_t>(into / item.picture_ms) % item.beside.size()];
}

std::int64_t beside_until(const link::AirItem& item, std::int64_t list_ms) {
  return span_of(item, list_ms).to_ms;
}

double darkness_of_fade(const link::AirItem& item, std::int64_t list_ms) {
  if (!item.fade) return 0;
  const Span span = span_of(item, list_ms);
  const std::int64_t off = std::min(list_ms - span.from_ms, span.to_ms - list_ms);
  return std::clamp(1 - static_cast<double>(off) / fade_ms, 0.0, 1.0);
}

}  // namespace hearth::player
