#include "node/app/home_files.h"

#include <charconv>
#include <vector>

#include "common/base/codec.h"
#include "common/base/files.h"
#include "common/base/names.h"
#include "node/ledger_link/ledger_link.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_file = 64 * 1024;
constexpr std::size_t seed_size = 32;

std::filesystem::path seed_file(const std::filesystem::path& dir) {
  return dir / "wallet.seed";
}
std::filesystem::path card_file(const std::filesystem::path& dir) {
  return dir / "ledger.card";
}
std::filesystem::path device_file(const std::filesystem::path& dir) {
  return dir / "device";
}
std::filesystem::path restore_mark(const std::filesystem::path& dir) {
  return dir / "restore.unfinished";
}
std::filesystem::path config_file(const std::filesystem::path& dir) {
  return dir / "config.toml";
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

Result<identity::LedgerCard> card_from(const std::string& text) {
  if (text.starts_with("hearth-ledger:")) return identity::parse_ledger_card(text);
  return fail(Code::bad_card,
              "This is neither a ledger card (hearth-ledger:…) nor a file that "
              "holds one: " +
                  printable(text) + ". Nothing was made.");
}

std::string toml_text(const NewHome& wanted, const std::string& name) {
  std::string quoted;
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  std::string text =
      "# This node's configuration; every key is also a flag of hearthd.\nname = \"" + quoted +
      "\"\nrole = \"" + (wanted.role == Role::home ? "home" : "seed") + "\"\n";
  if (!wanted.proxy.empty()) text += "proxy = '" + wanted.proxy + "'\n";
  return text;
}

struct Introduction {
  std::string name;
  std::vector<DeviceId> devices;
  Role role = Role::home;
  bool is_known = false;  ///< a restored home
};

net::Task<Result<void>> introduce(std::shared_ptr<LedgerLink> link, Introduction who) {
  const auto keys = co_await link->keys(true);
  if (!keys) co_return pass_on(keys.error());
  if (who.role != Role::home) co_return Result<void>();
  if (who.is_known) {
    const auto statement = co_await link->statement(0, 1);
    if (!statement && statement.error().code == Code::unknown_account) {
      co_return fail(Code::unknown_account,
                     "This ledger knows no home of this seed line: the card is another ledger's, "
                     "or the line another wallet's. Nothing was made.");
    }
    if (!statement) co_return pass_on(statement.error());
  }
  co_return co_await link->register_home(std::move(who.name), std::move(who.devices));
}

net::Task<void> introduce_and_stop(std::shared_ptr<LedgerLink> link, Introduction who,
                                   net::Loop& loop, Result<void>& outcome) {
  outcome = co_await introduce(std::move(link), std::move(who));
  loop.stop();
}

Result<void> introduce_to_ledger(const identity::LedgerCard& card, const identity::HomeKeys& keys,
                                 Introduction who, std::optional<net::Proxy> proxy) {
  net::Loop loop;
  std::shared_ptr<LedgerLink> link = LedgerLink::make(loop, card, keys, nullptr, std::move(proxy));
  Result<void> outcome;
  net::spawn(loop, introduce_and_stop(link, std::move(who), loop, outcome), "init");
  loop.run();
  return outcome;
}

/// Any number but the first one's; the seed does not tell which ones lost machines had.
std::uint64_t another_device() {
  const auto random = crypto::random_array<4>();
  return std::uint64_t{hearth::Reader(random).u32()} + 1;
}

Result<std::uint64_t> stored_device(const std::filesystem::path& dir) {
  std::error_code ignored;
  if (!std::filesystem::exists(device_file(dir), ignored)) return 0;
  const auto text = read_private_file(device_file(dir), max_file);
  if (!text) return pass_on(text.error());
  const std::string digits = trimmed(std::string(as_text(*text)));
  std::uint64_t device = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), device);
  if (problem != std::errc() || end != digits.data() + digits.size() || digits.empty())
    return fail(Code::corrupt, "The file device is damaged. Restore it from a backup.");
  return device;
}

/// Removes what was made, unless all of it was.
class Undo {
 public:
  ~Undo() {
    std::error_code ignored;
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) {
      std::filesystem::remove(*path, ignored);
    }
  }
  void on_failure_remove(std::filesystem::path path) { made_.push_back(std::move(path)); }
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;
};

}  // namespace

Result<Role> role_from_name(const std::string& name) {
  if (name == "home") return Role::home;
  if (name == "seed") return Role::seed;
  return fail(Code::usage, "The role is home or seed, not " + printable(name) + ".");
}

Result<HomeFiles> load_home_files(const std::filesystem::path& dir) {
  std::error_code ignored;
  if (!std::filesystem::exists(card_file(dir), ignored)) {
    return fail(Code::not_initialised,
                "There is no home in " + dir.string() +
                    ". Make one with: hearth --data DIR init --ledger CARD --name NAME.");
  }
  auto is_private = ensure_private_dir(dir);
  if (!is_private) return pass_on(is_private.error());
  const auto card_text = read_private_file(card_file(dir), max_file);
  if (!card_text) return pass_on(card_text.error());
  const auto card = identity::parse_ledger_card(trimmed(std::string(as_text(*card_text))));
  if (!card)
    return fail(Code::corrupt, "The file ledger.card is damaged: " + card.error().sentence);
  const auto seed_text = read_private_file(seed_file(dir), max_file);
  if (!seed_text) return pass_on(seed_text.error());
  const auto seed = from_hex(trimmed(std::string(as_text(*seed_text))));
  if (!seed || seed->size() != seed_size) {
    return fail(Code::corrupt,
                "The file wallet.seed is damaged. Restore it from a backup: without "
                "it this home's money and titles cannot be reached.");
  }
  const auto device = stored_device(dir);
  if (!device) return pass_on(device.error());
  HomeFiles files{*card, {}, *device};
  std::copy(seed->begin(), seed->end(), files.wallet.data());
  return files;
}

Result<MadeHome> make_home(const std::filesystem::path& dir, const NewHome& wanted) {
  std::error_code ignored;
  if (std::filesystem::exists(card_file(dir), ignored)) {
    return fail(Code::already_initialised,
                "There is a home in " + dir.string() + " already. Nothing was changed.");
  }
  const auto name = checked_name(wanted.name);
  if (!name) return pass_on(name.error());
  const auto card = card_from(wanted.card);
  if (!card) return pass_on(card.error());
  std::optional<net::Proxy> proxy;
  if (!wanted.proxy.empty()) {
    auto parsed = net::parse_proxy(wanted.proxy);
    if (!parsed) return pass_on(parsed.error());
    proxy = std::move(*parsed);
  }
  const bool is_known = wanted.restored.has_value();
  const crypto::Seed seed =
      is_known ? *wanted.restored : crypto::Seed(crypto::random_array<seed_size>());
  const std::uint64_t device = is_known ? another_device() : 0;
  const identity::HomeKeys keys(seed);
  auto known = introduce_to_ledger(
      *card, keys, {*name, {device_id(seed, device)}, wanted.role, is_known}, std::move(proxy));
  if (!known) return pass_on(known.error());

  Undo undo;
  const bool is_new = !std::filesystem::exists(dir, ignored);
  auto made = ensure_private_dir(dir);
  if (!made) return pass_on(made.error());
  if (is_new) undo.on_failure_remove(dir);
  const std::string config = toml_text(wanted, *name);
  const std::string seed_line = to_hex(seed.view()) + "\n";
  const std::string card_line = card->text() + "\n";
  const std::string device_line = std::to_string(device) + "\n";
  const std::string& mark = wanted.proxy;  // the road on which an interrupted restore goes on
  std::vector<std::pair<std::filesystem::path, const std::string*>> files = {
      {config_file(dir), &config}, {seed_file(dir), &seed_line}, {device_file(dir), &device_line}};
  if (is_known) files.emplace_back(restore_mark(dir), &mark);
  files.emplace_back(card_file(dir), &card_line);
  for (const auto& [path, text] : files) {
    undo.on_failure_remove(path);
    auto written = write_file_atomic(path, as_bytes(*text), 0600);
    if (!written) return pass_on(written.error());
  }
  undo.keep();
  return MadeHome{keys.address(), *name, card->url, wanted.role};
}

bool is_being_restored(const std::filesystem::path& dir) {
  std::error_code ignored;
  return std::filesystem::exists(restore_mark(dir), ignored);
}

Result<std::optional<net::Proxy>> road_of_restore(const std::filesystem::path& dir) {
  const auto mark = read_private_file(restore_mark(dir), max_file);
  if (!mark) return pass_on(mark.error());
  if (mark->empty()) return std::optional<net::Proxy>();
  auto proxy = net::parse_proxy(as_text(*mark));
  if (!proxy) return pass_on(proxy.error());
  return std::optional(std::move(*proxy));
}

Result<void> end_restore(const std::filesystem::path& dir) {
  std::error_code problem;
  std::filesystem::remove(restore_mark(dir), problem);
  if (!problem) return {};
  return fail(Code::io,
              "Everything is restored, but the file restore.unfinished could not be "
              "removed: " +
                  problem.message() + ". Remove it by hand.");
}

}  // namespace hearth::node
