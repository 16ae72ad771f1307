// The guide's cursor and what it knows: rows of channels, cells of time. The cursor is (row, anchor
// time): Up and Down keep the anchor, Left and Right move it from programme to programme. Windows
// are asked of the node ahead of the cursor and kept. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/link/channels.h"

namespace hearth::player {

class GuideGrid {
 public:
  static constexpr int visible_rows = 7;
  static constexpr std::int64_t visible_ms = 2LL * 3600 * 1000, ruler_ms = 30LL * 60 * 1000;
  static constexpr std::int64_t back_ms = 7LL * 24 * 3600 * 1000;  ///< catch-up goes back so far
  static constexpr std::int64_t ahead_ms = 14LL * 24 * 3600 * 1000;

  void lineup(const link::Lineup& lineup);  ///< forgets what it knew
  void open(int row, std::int64_t list_ms, std::int64_t utc_ms);
  void up() { move_row(-1); }
  void down() { move_row(1); }
  void page(int by) { move_row(by * visible_rows); }
  void left();
  void right();
  void skip(std::int64_t ms);  ///< by so much time
  void to_now(std::int64_t utc_ms);
  void take(const link::GuideWindow& window);
  /// What is missing for what is seen and its neighbourhood, once; nullopt: nothing, or it was
  /// asked.
  std::optional<link::GuideWanted> want(std::int64_t now_ms);
  /// The list changed: everything is asked for again.
  void forget();

  int row() const { return row_; }
  int first_row() const { return first_row_; }
  std::int64_t from_ms() const { return from_ms_; }
  std::int64_t to_ms() const { return from_ms_ + visible_ms; }
  std::int64_t anchor_ms() const { return anchor_ms_; }
  const link::Lineup& channels() const { return lineup_; }
  /// Of a row, what touches the visible time.
  std::vector<link::Programme> cells(int row) const;
  /// Whether the node has told all of the row's visible time.
  bool known(int row) const;
  /// Under the cursor; nullopt: nothing is scheduled there, or it is not known yet.
  std::optional<link::Programme> selected() const;

 private:
  struct Row {
    std::int64_t from_ms = 0, to_ms = 0;  ///< what is known; one span
    std::vector<link::Programme> programmes;
  };
  const Row* row_at(int row) const;
  void move_row(int by);
  void anchor(std::int64_t ms);
  std::int64_t bounded(std::int64_t ms) const;

  link::Lineup lineup_;
  std::map<std::string, Row> rows_;
  int row_ = 0, first_row_ = 0;
  std::int64_t from_ms_ = 0, anchor_ms_ = 0, opened_utc_ms_ = 0;
  std::int64_t request_ = 0;
  std::optional<link::GuideWanted> asked_;
  std::int64_t asked_at_ms_ = 0;
};

}  // namespace hearth::player
