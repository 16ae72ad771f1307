// Configuration: DIR/config.toml (tomlplusplus) under command-line flags of the same names.
// Declare each key once with add(); it becomes a flag (`--swarm-listen`) and a TOML key
// (`swarm_listen`). Flags win over the file. Unknown keys in the file are refused by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "common/base/error.h"

namespace hearth {

class Config {
 public:
  using Tables = std::map<std::string, std::map<std::string, std::string>>;

  explicit Config(CLI::App& app) : app_(app) {}
  /// `key` in snake_case; `target` holds the default and must outlive parsing.
  void add(const std::string& key, std::string& target, const std::string& help);
  void add(const std::string& key, std::int64_t& target, const std::string& help);
  void add(const std::string& key, bool& target, const std::string& help);
  /// A flag that may be said several times; in the file a list of texts, or one text.
  void add(const std::string& key, std::vector<std::string>& target, const std::string& help);
  /// `[key.NAME]` tables of texts, in the file alone: name → key → text.
  void add_tables(const std::string& key, Tables& target);
  /// Call after CLI parsing: fills what no flag set. A missing file is fine.
  Result<void> load(const std::filesystem::path& toml_file);

 private:
  struct Key;
  CLI::App& app_;
  std::vector<std::shared_ptr<Key>> keys_;
  std::map<std::string, Tables*> tables_;
};

/// The data directory: --data, else $`variable`, else XDG_DATA_HOME/`fallback`, else
/// ~/.local/share/`fallback`.
std::filesystem::path data_dir(const std::string& flag, const char* variable, const char* fallback);

}  // namespace hearth
