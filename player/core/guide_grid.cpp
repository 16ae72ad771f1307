#include "player/core/guide_grid.h"

#include <algorithm>

namespace hearth::player {
namespace {

constexpr std::int64_t no_answer_ms = 3'000;
/// Asked for around what is seen, so that the next steps find it there.
constexpr std::int64_t margin_ms = GuideGrid::visible_ms;
constexpr int margin_rows = 2;
constexpr std::size_t max_known_programmes = 2'000;

std::int64_t floor_to(std::int64_t ms, std::int64_t step) {
  return ms - (ms % step + step) % step;
}

}  // namespace

void GuideGrid::lineup(const link::Lineup& lineup) {
  lineup_ = lineup;
  rows_.clear();
  asked_.reset();
  move_row(0);
}

void GuideGrid::forget() {
  rows_.clear();
  asked_.reset();
}

void GuideGrid::open(int row, std::int64_t list_ms, std::int64_t utc_ms) {
  opened_utc_ms_ = utc_ms;
  row_ = row;
  first_row_ = row - visible_rows / 2;
  move_row(0);
  from_ms_ = floor_to(list_ms, ruler_ms) - ruler_ms;
  anchor_ms_ = list_ms;
  forget();
}

void GuideGrid::to_now(std::int64_t utc_ms) {
  from_ms_ = floor_to(utc_ms, ruler_ms) - ruler_ms;
  anchor_ms_ = utc_ms;
}

void GuideGrid::move_row(int by) {
  const int count = static_cast<int>(lineup_.channels.size());
  row_ = std::clamp(row_ + by, 0, std::max(0, count - 1));
  first_row_ = std::clamp(first_row_, row_ - visible_rows + 1, row_);
  first_row_ = std::clamp(first_row_, 0, std::max(0, count - visible_rows));
}

std::int64_t GuideGrid::bounded(std::int64_t ms) const {
  return std::clamp(ms, opened_utc_ms_ - back_ms, opened_utc_ms_ + ahead_ms);
}

/// The anchor and as much of what is around it as the window holds.
void GuideGrid::anchor(std::int64_t ms) {
  anchor_ms_ = bounded(ms);
  if (anchor_ms_ < from_ms_) from_ms_ = floor_to(anchor_ms_, ruler_ms);
  if (anchor_ms_ >= to_ms()) from_ms_ = floor_to(anchor_ms_, ruler_ms) - visible_ms + 2 * ruler_ms;
}

void GuideGrid::left() {
  const auto on = selected();
  // A cell that began before the window is looked at from its start first.
  if (on && on->start_ms < from_ms_) return anchor(std::max(on->start_ms, from_ms_ - visible_ms));
  const std::int64_t before_ms = (on ? on->start_ms : floor_to(anchor_ms_, ruler_ms)) - 1;
  const Row* row = row_at(row_);
  std::int64_t target_ms = floor_to(before_ms, ruler_ms);
  if (row != nullptr) {
    for (const link::Programme& one : row->programmes) {
      if (one.start_ms <= before_ms && before_ms < one.end_ms) target_ms = one.start_ms;
    }
  }
  anchor(std::max(target_ms, before_ms - visible_ms));
}

void GuideGrid::right() {
  const auto on = selected();
  if (on && on->end_ms > to_ms()) return anchor(std::min(on->end_ms, to_ms() + visible_ms / 2));
  anchor(on ? on->end_ms : floor_to(anchor_ms_, ruler_ms) + ruler_ms);
}

void GuideGrid::skip(std::int64_t ms) {
  anchor_ms_ = bounded(anchor_ms_ + ms);
  from_ms_ = floor_to(bounded(from_ms_ + ms), ruler_ms);
  anchor(anchor_ms_);
}

const GuideGrid::Row* GuideGrid::row_at(int row) const {
  if (row < 0 || row >= static_cast<int>(lineup_.channels.size())) return nullptr;
  const auto found = rows_.find(lineup_.channels[static_cast<std::size_t>(row)].channel);
  return found == rows_.end() ? nullptr : &found->second;
}

bool GuideGrid::known(int row) const {
  const Row* one = row_at(row);
  return one != nullptr && one->from_ms <= from_ms_ && one->to_ms >= to_ms();
}

std::vector<link::Programme> GuideGrid::cells(int row) const {
  std::vector<link::Programme> out;
  const Row* one = row_at(row);
  if (one == nullptr) return out;
  for (const link::Programme& programme : one->programmes) {
    if (programme.start_ms < to_ms() && programme.end_ms > from_ms_) out.push_back(programme);
  }
  return out;
}

std::optional<link::Programme> GuideGrid::selected() const {
  const Row* one = row_at(row_);
  if (one == nullptr) return std::nullopt;
  for (const link::Programme& programme : one->programmes) {
    if (programme.start_ms <= anchor_ms_ && anchor_ms_ < programme.end_ms) return programme;
  }
  return std::nullopt;
}

std::optional<link::GuideWanted> GuideGrid::want(std::int64_t now_ms) {
  if (lineup_.channels.empty()) return std::nullopt;
  if (asked_ && now_ms - asked_at_ms_ < no_answer_ms) return std::nullopt;
  const int last = std::min(first_row_ + visible_rows, static_cast<int>(lineup_.channels.size()));
  bool all = true;
  for (int row = first_row_; row < last; ++row) all = all && known(row);
  if (all) return std::nullopt;
  link::GuideWanted wanted;
  wanted.request = ++request_;
  wanted.first_row = std::max(0, first_row_ - margin_rows);
  wanted.rows = std::min<int>(visible_rows + 2 * margin_rows, link::max_guide_rows);
  wanted.from_ms = std::max<std::int64_t>(0, from_ms_ - margin_ms);
  wanted.to_ms = to_ms() + margin_ms;
  asked_ = wanted;
  asked_at_ms_ = now_ms;
  return wanted;
}

void GuideGrid::take(const link::GuideWindow& window) {
  if (!asked_ || window.request != asked_->request) return;
  asked_.reset();
  std::size_t known = 0;
  for (const auto& [channel, row] : rows_) known += row.programmes.size();
  if (known > max_known_programmes) rows_.clear();
  for (const link::GuideRow& row : window.rows) {
    rows_[row.channel] = Row{window.from_ms, window.to_ms, row.programmes};
  }
}

}  // namespace hearth::player
