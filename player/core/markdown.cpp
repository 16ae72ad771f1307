// Markdown (CommonMark) into lines, through cmark's tree. HTML is shown as the text it is.
#include <memory>
#include <utility>

#include <cmark.h>

#include "player/core/document.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr double body_em = 27, body_height = 40, code_em = 22, code_height = 32, step = 40;
constexpr int max_depth = 12;

const char* literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? "" : text;
}

class Setter {
 public:
  explicit Setter(double width) : width_(width) {}
  std::vector<Line> take() { return std::move(out_); }

  void blocks(cmark_node* parent) {
    if (depth_ >= max_depth) return;  // hostile nesting: the rest is not shown
    ++depth_;
    for (cmark_node* node = cmark_node_first_child(parent); node != nullptr;
         node = cmark_node_next(node)) {
      block(node);
    }
    --depth_;
  }

 private:
  struct Look {
    double em = body_em, height = body_height;
    bool bold = false;
    bool accent = false;
  };

  /// Room below what was set last; where two meet, the larger one counts.
  void gap(double height) {
    if (out_.empty()) return;
    if (Line& last = out_.back(); last.look == Line::Look::gap) {
      last.height = std::max(last.height, height);
      last.quote_depth = std::min(last.quote_depth, quotes_);
      return;
    }
    Line line;
    line.look = Line::Look::gap;
    line.height = height;
    line.quote_depth = quotes_;
    out_.push_back(line);
  }

  Line fresh(const Look& look) {
    Line line;
    line.em = look.em;
    line.height = look.height;
    line.indent = indent_;
    line.quote_depth = quotes_;
    line.quiet = quotes_ > 0;
    line.marker = std::exchange(marker_, {});
    return line;
  }

  void block(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_HEADING:
        return heading(node);
      case CMARK_NODE_PARAGRAPH:
        paragraph(node, {});
        return gap(tight_ ? 6 : 20);
      case CMARK_NODE_LIST:
        return list(node);
      case CMARK_NODE_BLOCK_QUOTE:
        ++quotes_;
        indent_ += 28;
        blocks(node);
        indent_ -= 28;
        --quotes_;
        return gap(20);
      case CMARK_NODE_CODE_BLOCK:
      case CMARK_NODE_HTML_BLOCK:
        return code(literal(node));
      case CMARK_NODE_THEMATIC_BREAK:
        return rule();
      default:
        return blocks(node);
    }
  }

  void heading(cmark_node* node) {
    const int level = cmark_node_get_heading_level(node);
    if (!out_.empty()) gap(level <= 2 ? 30 : 20);
    if (level == 1) paragraph(node, {46, 60, true, false});
    if (level == 2) paragraph(node, {35, 50, true, true});
    if (level > 2) paragraph(node, {30.5, 44, true, false});
    gap(level == 1 ? 18 : 10);
  }

  void list(cmark_node* node) {
    const bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(node);
    const bool was_tight = std::exchange(tight_, cmark_node_get_list_tight(node) != 0);
    indent_ += step;
    for (cmark_node* item = cmark_node_first_child(node); item != nullptr;
         item = cmark_node_next(item)) {
      marker_ = ordered ? std::to_string(number++) + "." : "•";
      blocks(item);
    }
    indent_ -= step;
    marker_.clear();
    tight_ = was_tight;
    gap(tight_ ? 6 : 20);
  }

  void code(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    for (std::string& words : wrap(text, code_em, room() - 40, true)) {
      Line line = fresh({code_em, code_height, false, false});
      line.look = Line::Look::code;
      line.runs.push_back(Run{std::move(words), false, false, true, false});
      out_.push_back(std::move(line));
    }
    gap(20);
  }

  void rule() {
    gap(16);
    Line line = fresh({body_em, 24, false, false});
    line.look = Line::Look::rule;
    out_.push_back(std::move(line));
    gap(16);
  }

  void inlines(cmark_node* parent, Run style, std::vector<Run>& out, int depth) {
    if (depth > max_depth) return;
    for (cmark_node* node = cmark_node_first_child(parent); node != nullptr;
         node = cmark_node_next(node)) {
      Run run = style;
      switch (cmark_node_get_type(node)) {
        case CMARK_NODE_SOFTBREAK:
          run.text = " ";
          break;
        case CMARK_NODE_LINEBREAK:
          run.text = "\n";
          break;
        case CMARK_NODE_CODE:
          run.mono = true;
          run.text = literal(node);
          break;
        case CMARK_NODE_EMPH:
          run.italic = true;
          break;
        case CMARK_NODE_STRONG:
          run.bold = true;
          break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
          run.accent = true;
          break;
        default:
          run.text = literal(node);
      }
      if (!run.text.empty()) out.push_back(run);
      run.text.clear();
      inlines(node, run, out, depth + 1);
    }
  }

  double room() const { return std::max(200.0, width_ - indent_); }

  void paragraph(cmark_node* node, const Look& look) {
    Run style;
    style.bold = look.bold;
    style.accent = look.accent;
    std::vector<Run> runs;
    inlines(node, style, runs, 0);
    Line line = fresh(look);
    double used = 0;
    const auto end_line = [&] {
      out_.push_back(std::move(line));
      line = fresh(look);
      used = 0;
    };
    for (const Run& run : runs) {
      std::string_view rest = run.text;
      while (!rest.empty()) {
        if (rest.front() == '\n') {
          rest.remove_prefix(1);
          end_line();
          continue;
        }
        // A word with the blanks behind it is the smallest piece that moves to the next line.
        std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
        while (end < rest.size() && rest[end] == ' ') ++end;
        for (const std::string& piece : pieces(rest.substr(0, end), run, look.em)) {
          put(piece, run, look.em, line, used, end_line);
        }
        rest.remove_prefix(end);
      }
    }
    if (!line.runs.empty() || !line.marker.empty()) out_.push_back(std::move(line));
  }

  /// A word, cut where it is wider than the column.
  std::vector<std::string> pieces(std::string_view word, const Run& run, double em) const {
    if (text_width(word, em, run.mono, run.bold) <= room()) return {std::string(word)};
    return wrap(word, em, room(), run.mono, run.bold);
  }

  template <class EndLine>
  void put(const std::string& word, const Run& run, double em, Line& line, double& used,
           EndLine& end_line) {
    std::string_view bare = word;
    while (bare.ends_with(' ')) bare.remove_suffix(1);
    if (used > 0 && used + text_width(bare, em, run.mono, run.bold) > room()) end_line();
    if (used == 0 && bare.empty()) return;
    Run piece = run;
    piece.text = word;
    Run* last = line.runs.empty() ? nullptr : &line.runs.back();
    if (last != nullptr && last->bold == run.bold && last->italic == run.italic &&
        last->mono == run.mono && last->accent == run.accent) {
      last->text += word;
    } else {
      line.runs.push_back(std::move(piece));
    }
    used += text_width(word, em, run.mono, run.bold);
  }

  double width_;
  double indent_ = 0;
  int quotes_ = 0, depth_ = 0;
  bool tight_ = false;
  std::string marker_;
  std::vector<Line> out_;
};

}  // namespace

std::vector<Line> lines_of_markdown(std::string_view text, double width) {
  const std::unique_ptr<cmark_node, decltype(&cmark_node_free)> root(
      cmark_parse_document(text.data(), text.size(), CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_SMART),
      cmark_node_free);
  Setter setter(width);
  if (root) setter.blocks(root.get());
  return setter.take();
}

}  // namespace hearth::player
