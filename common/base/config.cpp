#include "common/base/config.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <variant>

#include <CLI/Option.hpp>
#include <toml++/toml.h>

#include "common/base/files.h"
#include "common/base/names.h"

namespace hearth {
namespace {

constexpr std::size_t max_config = 1024 * 1024;

std::string flag_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

/// Tables of texts below `node`. False when it is anything else.
bool fill_tables(const toml::node& node, Config::Tables& target) {
  const toml::table* tables = node.as_table();
  if (tables == nullptr) return false;
  for (const auto& [name, entry] : *tables) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) return false;
    auto& texts = target[std::string(name.str())];
    for (const auto& [key, value] : *table) {
      const auto text = value.value_exact<std::string>();
      if (!text) return false;
      texts[std::string(key.str())] = *text;
    }
  }
  return true;
}

/// One text, or an array of texts. False when it is anything else.
bool fill_list(const toml::node& node, std::vector<std::string>& target) {
  std::vector<std::string> texts;
  if (const auto one = node.value_exact<std::string>()) texts.push_back(*one);
  const toml::array* several = node.as_array();
  if (texts.empty() && several == nullptr) return false;
  if (several != nullptr) {
    for (const auto& entry : *several) {
      const auto text = entry.value_exact<std::string>();
      if (!text) return false;
      texts.push_back(*text);
    }
  }
  target = std::move(texts);
  return true;
}

}  // namespace

struct Config::Key {
  std::string name;
  std::variant<std::string*, std::int64_t*, bool*, std::vector<std::string>*> target;
  CLI::Option* option;

  /// False when the value is of another type.
  bool fill(const toml::node& node) const {
    return std::visit(
        [&](auto* to) {
          if constexpr (std::is_same_v<decltype(to), std::vector<std::string>*>) {
            return fill_list(node, *to);
          } else {
            const auto value = node.value_exact<std::remove_pointer_t<decltype(to)>>();
            if (value) *to = *value;
            return value.has_value();
          }
        },
        target);
  }
  const char* type() const {
    constexpr const char* names[] = {"a text in quotes", "a whole number", "true or false",
                                     "a list of texts in quotes"};
    return names[target.index()];
  }
};

void Config::add(const std::string& key, std::string& target, const std::string& help) {
  auto* option = app_.add_option(flag_of(key), target, help)->capture_default_str();
  keys_.push_back(std::make_shared<Key>(Key{key, &target, option}));
}

void Config::add(const std::string& key, std::int64_t& target, const std::string& help) {
  auto* option = app_.add_option(flag_of(key), target, help)->capture_default_str();
  keys_.push_back(std::make_shared<Key>(Key{key, &target, option}));
}

void Config::add(const std::string& key, bool& target, const std::string& help) {
  auto* option = app_.add_flag(flag_of(key), target, help);
  keys_.push_back(std::make_shared<Key>(Key{key, &target, option}));
}

void Config::add(const std::string& key, std::vector<std::string>& target,
                 const std::string& help) {
  auto* option = app_.add_option(flag_of(key), target, help)->allow_extra_args(false);
  keys_.push_back(std::make_shared<Key>(Key{key, &target, option}));
}

void Config::add_tables(const std::string& key, Tables& target) {
  tables_.emplace(key, &target);
}

Result<void> Config::load(const std::filesystem::path& toml_file) {
  const auto bytes = read_file(toml_file, max_config);
  if (!bytes) {
    if (bytes.error().code == Code::not_found) return {};
    return pass_on(bytes.error());
  }
  const std::string where = "The configuration file " + toml_file.string();
  toml::table table;
  try {
    table = toml::parse(as_text(*bytes));
  } catch (const toml::parse_error& error) {
    return fail(Code::usage, where + " cannot be read, line " +
                                 std::to_string(error.source().begin.line) + ": " +
                                 printable(error.description()) + ". Correct that line.");
  }
  for (const auto& [name, node] : table) {
    if (const auto tables = tables_.find(std::string(name.str())); tables != tables_.end()) {
      if (fill_tables(node, *tables->second)) continue;
      return fail(Code::usage, where + " has under \"" + tables->first +
                                   "\" something other than [" + tables->first +
                                   ".NAME] tables of texts in quotes.");
    }
    const auto known = std::find_if(
        keys_.begin(), keys_.end(),
        [wanted = std::string(name.str())](const auto& key) { return key->name == wanted; });
    if (known == keys_.end()) {
      return fail(Code::usage, where + " has the key \"" + printable(name.str()) +
                                   "\", which this program does not know. Remove or correct it; "
                                   "--help lists the keys.");
    }
    const Key& key = **known;
    if (key.option->count() > 0) continue;
    if (!key.fill(node)) {
      return fail(Code::usage,
                  where + " sets \"" + key.name + "\" to something other than " + key.type() + ".");
    }
  }
  return {};
}

std::filesystem::path data_dir(const std::string& flag, const char* variable,
                               const char* fallback) {
  if (!flag.empty()) return flag;
  const auto environment = [](const char* name) -> std::string_view {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const auto dir = environment(variable); !dir.empty()) return dir;
  if (const auto xdg = environment("XDG_DATA_HOME"); !xdg.empty()) {
    return std::filesystem::path(xdg) / fallback;
  }
  return std::filesystem::path(environment("HOME")) / ".local" / "share" / fallback;
}

}  // namespace hearth
