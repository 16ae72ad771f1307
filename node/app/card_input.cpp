#include "node/app/card_input.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

#include "common/base/files.h"
#include "common/base/names.h"
#include "common/base/typed_text.h"
#include "node/print/qr_picture.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_card_text = 8 * 1024;
constexpr std::size_t max_path = 4096;

/// Where a command takes a card, and how its refusals end.
struct Place {
  const char* command;
  const char* argument;
  const char* nothing;
};
constexpr std::array<Place, 5> places = {{
    {"contacts-add", "card", "Nothing was added."},
    {"gift-claim", "text", "Nothing was claimed."},
    {"init", "ledger", "Nothing was made."},
    {"wallet-restore", "ledger", "Nothing was made."},
    {"wallet-verify", "ledger", "Nothing was checked."},
}};

std::string trimmed(std::string_view text) {
  constexpr const char* blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

bool is_card_text(const std::string& word) {
  const std::string start = lower_case(word.substr(0, 16));
  for (const char* known : {"hearth:", "hearth-ledger:", "hearthgift1", "ip:", "mac:", "esn:"}) {
    if (start.starts_with(known)) return true;
  }
  return false;
}

bool looks_like_a_path(const std::string& word) {
  const auto ending = lower_case(std::filesystem::path(word).extension().string());
  for (const char* known : {".png", ".jpg", ".jpeg", ".webp", ".pdf", ".txt", ".card"}) {
    if (ending == known) return true;
  }
  return word.find('/') != std::string::npos;
}

Result<Bytes> standard_input(const std::string& nothing) {
  Bytes all(max_qr_picture + 1);
  std::cin.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(all.size()));
  all.resize(static_cast<std::size_t>(std::cin.gcount()));
  if (all.size() <= max_qr_picture) return all;
  return fail(Code::too_large, "What came on standard input is too large for a card. " + nothing);
}

Result<std::string> from_content(ByteView content, const std::string& name,
                                 const std::string& nothing) {
  if (is_qr_picture(content)) {
    const auto text = card_in_picture(content, name, nothing);
    if (!text) return pass_on(text.error());
    return trimmed(*text);
  }
  const bool is_text = std::find(content.begin(), content.end(), 0) == content.end();
  if (!is_text) {
    return fail(Code::bad_card,
                name + " is neither a text nor a picture (PNG, JPEG, WebP or PDF). " + nothing);
  }
  if (content.size() > max_card_text)
    return fail(Code::too_large, name + " is too large to hold a card's text. " + nothing);
  return trimmed(as_text(content));
}

}  // namespace

Result<std::string> card_input(const std::string& word, const std::string& nothing) {
  const std::string text = trimmed(word);
  if (text.empty() || text == "-") {
    const auto content = standard_input(nothing);
    if (!content) return pass_on(content.error());
    return from_content(*content, "Standard input", nothing);
  }
  std::error_code ignored;
  const bool may_be_file = text.size() < max_path && !is_card_text(text);
  if (may_be_file && std::filesystem::is_regular_file(text, ignored)) {
    const std::string name = printable(std::filesystem::path(text).filename().string());
    const auto content = read_file(text, max_qr_picture);
    if (!content && content.error().code == Code::too_large)
      return fail(Code::too_large,
                  name + " is too large for a card or a picture of one. " + nothing);
    if (!content) return fail(content.error().code, content.error().sentence + " " + nothing);
    return from_content(*content, name, nothing);
  }
  if (may_be_file && looks_like_a_path(text)) {
    return fail(Code::not_found, "There is no file " + printable(text, max_path) + ". " + nothing);
  }
  return text;
}

Result<void> read_card_argument(Order& order) {
  for (const Place& place : places) {
    if (order.command != place.command) continue;
    const bool is_given = order.arguments.contains(place.argument);
    const bool may_be_input = order.command == "gift-claim";
    if (!is_given && !may_be_input) return {};
    auto text = card_input(order.arguments.value(place.argument, ""), place.nothing);
    if (!text) return pass_on(text.error());
    order.arguments[place.argument] = std::move(*text);
  }
  return {};
}

}  // namespace hearth::node
