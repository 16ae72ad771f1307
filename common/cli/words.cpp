#include "common/cli/words.h"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace hearth::cli {
namespace {

/// CLI11 tells the values of IsMember only as text: "TEXT:{bash,zsh}".
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> out;
  std::string word;
  for (std::size_t i = open + 1; i <= close; ++i) {
    if (type[i] != ',' && i != close) {
      word += type[i];
      continue;
    }
    out.push_back(word);
    word.clear();
  }
  return out;
}

std::string value_of(const CLI::Option& option, const OptionWords& words) {
  if (option.get_items_expected_max() == 0) return {};
  if (!words.choices.empty()) {
    std::string out;
    for (const std::string& choice : words.choices) out += (out.empty() ? "" : "|") + choice;
    return out;
  }
  if (words.takes_file) return words.names.empty() ? "" : "PATH";
  const std::string type = option.get_type_name();
  return type.find("INT") != std::string::npos ? "NUMBER" : "TEXT";
}

OptionWords option_words(const CLI::Option& option) {
  OptionWords words;
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  words.help = option.get_description();
  words.choices = choices_of(option.get_type_name());
  words.required = option.get_required();
  const std::string name = words.names.empty() ? option.get_name(true) : words.names.back();
  for (const char* path : {"FILE", "DIR", "--out", "--data", "--key", "--keys-to", "--keys-from",
                           "--connect", "files"})
    words.takes_file = words.takes_file || name == path;
  words.value = words.names.empty() ? name : value_of(option, words);
  return words;
}

CommandWords walk(const CLI::App& app, std::vector<std::string> path) {
  CommandWords out;
  out.path = std::move(path);
  out.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    OptionWords words = option_words(*option);
    (words.names.empty() ? out.positionals : out.options).push_back(std::move(words));
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> deeper = out.path;
    deeper.push_back(below->get_name());
    out.commands.push_back(walk(*below, std::move(deeper)));
  }
  return out;
}

void flatten(const CommandWords& command, std::vector<const CommandWords*>& out) {
  out.push_back(&command);
  for (const CommandWords& below : command.commands) flatten(below, out);
}

}  // namespace

CommandWords words_of(const CLI::App& app) {
  return walk(app, {});
}

std::vector<const CommandWords*> flattened(const CommandWords& root) {
  std::vector<const CommandWords*> out;
  flatten(root, out);
  return out;
}

std::string joined(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& word : path) out += (out.empty() ? "" : " ") + word;
  return out;
}

}  // namespace hearth::cli
