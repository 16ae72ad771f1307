// Show with data titles: documents as pages, which turn by a key, by themselves every so often, or,
// on a channel, by the time that the item is on.
#include <algorithm>

#include "player/core/show.h"
#include "player/core/text.h"

namespace hearth::player {

using link::PlayState;

namespace {

constexpr std::uint64_t max_pdf_bytes = 256u << 20;
constexpr std::int64_t page_stays_ms = 20'000;
/// On a channel, where all of them are shown in turns.
constexpr std::int64_t shortest_page_ms = 8'000, longest_page_ms = 30'000;

bool ends_with(const std::string& name, std::string_view end) {
  if (name.size() < end.size()) return false;
  return std::equal(end.rbegin(), end.rend(), name.rbegin(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
  });
}

}  // namespace

std::optional<DocumentForm> document_form(const std::string& media_type, const std::string& name) {
  if (media_type == "application/pdf" || ends_with(name, ".pdf")) return DocumentForm::pdf;
  if (media_type == "text/markdown" || ends_with(name, ".md") || ends_with(name, ".markdown")) {
    return DocumentForm::markdown;
  }
  if (media_type == "text/csv" || media_type == "text/tab-separated-values" ||
      ends_with(name, ".csv") || ends_with(name, ".tsv")) {
    return DocumentForm::table;
  }
  if (media_type.starts_with("text/") || media_type == "application/json" ||
      ends_with(name, ".txt")) {
    return DocumentForm::text;
  }
  return std::nullopt;
}

int page_at(std::int64_t into_ms, std::int64_t span_ms, int pages) {
  if (pages <= 1 || into_ms < 0) return 0;
  const std::int64_t each = std::clamp(span_ms / pages, shortest_page_ms, longest_page_ms);
  return static_cast<int>(into_ms / each % pages);
}

void Show::play_data() {
  const auto form = document_form(play_.media_type, play_.name);
  if (!form) return not_showable(run_, "A file of this kind is kept, but has no picture.");
  if (*form == DocumentForm::pdf && play_.size > max_pdf_bytes) {
    return not_showable(run_, "It is too large to be shown page by page.");
  }
  form_ = *form;
  shows_ = form_ == DocumentForm::pdf ? Shows::pdf : Shows::text;
  make_room({});
  actions_.push_back(FetchDocument{run_, play_.stream, form_, play_.size});
}

void Show::forget_pages() {
  text_.clear();
  pages_.clear();
  table_ = {};
  page_ = page_count_ = 0;
  page_drawn_ = turned_by_hand_ = false;
  turn_by_itself_ms_.reset();
}

void Show::pages_key(link::Key key) {
  using link::Key;
  const int across = form_ == DocumentForm::table ? plan_.pages_across() : 1;
  switch (key) {
    case Key::ok:
    case Key::pause:
      return turn_by_itself(!turn_by_itself_ms_);
    case Key::hold:
    case Key::resume:
      return turn_by_itself(key == Key::resume);
    case Key::start:
      return turn(-page_count_);
    case Key::page_back:
    case Key::left:
    case Key::rewind:
      return turn(-1);
    case Key::page_on:
    case Key::right:
    case Key::forward:
      return turn(1);
    case Key::up:
      return page_ >= across ? turn(-across) : void();
    case Key::down:
      return page_ + across < page_count_ ? turn(across) : void();
    default:
      return;
  }
}

/// A person's word: a channel's time turns no more pages of this item.
void Show::turn(int step) {
  turned_by_hand_ = true;
  if (turn_by_itself_ms_) turn_by_itself_ms_ = now_ms_;
  turn_to(std::clamp(page_ + step, 0, std::max(0, page_count_ - 1)));
}

void Show::turn_to(int page) {
  if (page == page_) return;
  page_ = page;
  touched_ms_ = now_ms_;
  if (shows_ == Shows::pdf) ask_page();
}

void Show::turn_by_itself(bool yes) {
  if (on_air_ || state_ != PlayState::playing || yes == turn_by_itself_ms_.has_value()) return;
  if (page_count_ < 2) return say("One page", "There is nothing to turn.");
  if (yes) {
    turn_by_itself_ms_ = now_ms_;
    say("Pages turn by themselves", "Every 20 seconds. OK stops it.");
  } else {
    turn_by_itself_ms_.reset();
    say("Pages stand still", "◀ and ▶ turn them. OK lets them turn by themselves.");
  }
}

void Show::turn_in_time() {
  if (!turn_by_itself_ms_ || now_ms_ - *turn_by_itself_ms_ < page_stays_ms) return;
  turn_by_itself_ms_ = now_ms_;
  if (page_ + 1 < page_count_) return turn_to(page_ + 1);
  turn_by_itself_ms_.reset();  // the last one stays
}

void Show::pages_by_list(std::int64_t into_ms, std::int64_t span_ms) {
  if (turned_by_hand_ || page_count_ < 2) return;
  turn_to(page_at(into_ms, span_ms, page_count_));
}

void Show::ask_page() {
  actions_.push_back(RenderPage{run_, page_, canvas_});
}

void Show::text_arrived(int run, DocumentForm form, std::string text, std::int64_t now_ms) {
  if (!current(run) || shows_ != Shows::text) return;
  form_ = form;
  text_ = from_unknown_encoding(text);
  if (text_.empty()) return not_showable(run, "The file is empty.");
  if (form_ == DocumentForm::table) {
    table_ = read_table(text_);
    if (table_.columns == 0) return not_showable(run, "The table is empty.");
  }
  lay_out_text();
  state_ = PlayState::playing;
  started_ms_ = now_ms;
}

void Show::lay_out_text() {
  const Column column = column_for(canvas_);
  if (form_ == DocumentForm::table) {
    plan_ = plan_table(table_, canvas_.width() - 2 * canvas_.side(), column.height);
    page_count_ = plan_.pages;
  } else {
    const bool markdown = form_ == DocumentForm::markdown;
    pages_ = paginate(
        markdown ? lines_of_markdown(text_, column.width) : lines_of_text(text_, column.width),
        column.height);
    page_count_ = static_cast<int>(pages_.size());
  }
  page_ = std::min(page_, page_count_ - 1);
}

void Show::pdf_arrived(int run, int pages, std::int64_t now_ms) {
  if (!current(run) || shows_ != Shows::pdf) return;
  page_count_ = std::clamp(pages, 0, static_cast<int>(max_pages));
  if (page_count_ == 0) return not_showable(run, "The document has no pages.");
  started_ms_ = now_ms;
  ask_page();
}

void Show::pdf_page_ready(int run, int page) {
  if (!current(run) || shows_ != Shows::pdf || page != page_) return;
  state_ = PlayState::playing;
  actions_.push_back(LoadPageImage{run_});
}

std::string Show::page_scene() const {
  if (form_ == DocumentForm::table) {
    return draw_table_page(canvas_, table_, plan_, title(), page_);
  }
  return draw_text_page(canvas_, pages_[static_cast<std::size_t>(page_)], title(), page_ + 1,
                        page_count_);
}

}  // namespace hearth::player
