#include "ledger/payments/configured.h"

#include <algorithm>

#include "common/base/files.h"
#include "common/base/names.h"
#include "ledger/payments/webhook.h"

namespace hearth::ledger::payments {
namespace {

constexpr std::size_t max_secret_file = 4096;
constexpr std::size_t max_secrets = 4;

tl::unexpected<Error> wrong(const std::string& name, std::string_view why) {
  return fail(Code::usage, "The configuration's [payments." + printable(name, 40) + "] " +
                               std::string(why) + " Nothing was started.");
}

Result<std::shared_ptr<const PaymentProvider>> provider_of(const std::string& name,
                                                           const Settings& settings,
                                                           const std::filesystem::path& dir) {
  if (!is_provider_name(name) || name == "manual") {
    return wrong(name, "has a name that is not 1 to 32 of a-z, 0-9 and '-', or is \"manual\".");
  }
  for (const auto& [key, value] : settings) {
    if (key != "kind" && key != "secret_file") {
      return wrong(name, "has the key \"" + printable(key, 40) + "\", which is not known.");
    }
  }
  const auto kind = settings.find("kind");
  if (kind == settings.end() || kind->second != "webhook") {
    return wrong(name, "needs kind = \"webhook\".");
  }
  const auto file = settings.find("secret_file");
  if (file == settings.end() || file->second.empty()) return wrong(name, "needs a secret_file.");
  const auto text = read_private_file(dir / file->second, max_secret_file);
  if (!text) return pass_on(text.error());
  auto secrets = read_secrets(as_text(*text));
  if (!secrets) return wrong(name, secrets.error().sentence);
  return std::make_shared<const WebhookProvider>(name, std::move(*secrets));
}

}  // namespace

Result<std::vector<std::string>> read_secrets(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line.size() < min_secret) {
      return fail(Code::usage, "has a secret of fewer than 16 bytes, which could be guessed.");
    }
    if (out.size() == max_secrets) return fail(Code::usage, "has more than four secrets.");
    out.emplace_back(line);
  }
  if (out.empty()) return fail(Code::usage, "has an empty secret_file.");
  return out;
}

Result<Providers> configured_providers(const std::map<std::string, Settings>& tables,
                                       const std::filesystem::path& data_dir) {
  Providers out;
  for (const auto& [name, settings] : tables) {
    if (out.size() == max_providers) return wrong(name, "is one provider too many.");
    auto provider = provider_of(name, settings, data_dir);
    if (!provider) return pass_on(std::move(provider.error()));
    out.emplace(name, std::move(*provider));
  }
  return out;
}

}  // namespace hearth::ledger::payments
