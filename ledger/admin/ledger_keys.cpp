#include "ledger/admin/ledger_keys.h"

#include <algorithm>
#include <mutex>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "common/base/files.h"
#include "common/crypto/hash.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t max_key_file = 64 * 1024;
constexpr std::size_t max_url = 200;
constexpr std::uint32_t max_epochs = 1'000;

/// What the key file holds: format version, seed, then each epoch's number and beginning.
struct KeyFile {
  crypto::Seed seed;
  std::vector<std::pair<std::uint32_t, UtcMs>> epochs;
};

std::filesystem::path key_path(const LedgerDir& dir) {
  return dir.keys() / "ledger.key";
}

Bytes encode(const KeyFile& file) {
  Writer out;
  out.u8(format_version).raw(file.seed.view()).u32(static_cast<std::uint32_t>(file.epochs.size()));
  for (const auto& [epoch, from_ms] : file.epochs) out.u32(epoch).i64(from_ms);
  return out.take();
}

std::optional<KeyFile> decode(ByteView bytes) {
  Reader in(bytes);
  if (in.u8() != format_version) return std::nullopt;
  KeyFile file;
  file.seed = crypto::Seed(in.fixed<32>());
  const std::uint32_t count = in.u32();
  if (count == 0 || count > max_epochs) return std::nullopt;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t epoch = in.u32();
    if (!file.epochs.empty() && epoch <= file.epochs.back().first) return std::nullopt;
    file.epochs.emplace_back(epoch, in.i64());
  }
  return in.done() ? std::optional(file) : std::nullopt;
}

crypto::poprf::KeyPair epoch_pair(const crypto::Seed& seed, std::uint32_t epoch) {
  return crypto::poprf::derive_key_pair(crypto::derive(seed, "ledger poprf", epoch),
                                        as_bytes("hearth ledger epoch"));
}

Result<LedgerKeys> derive_all(const KeyFile& file, const LedgerDir& dir) {
  auto tls = net::load_or_make_tls_identity(dir.keys());
  if (!tls) return pass_on(tls.error());
  LedgerKeys keys;
  keys.signing = crypto::SignKey::from_seed(crypto::derive(file.seed, "ledger signing"));
  keys.escrow = crypto::BoxKey::from_seed(crypto::derive(file.seed, "ledger escrow"));
  for (const auto& [epoch, from_ms] : file.epochs)
    keys.epochs.push_back({epoch, epoch_pair(file.seed, epoch), from_ms});
  keys.tls = std::move(*tls);
  return keys;
}

tl::unexpected<Error> not_started(const LedgerDir& dir) {
  return fail(Code::not_initialised, "There is no ledger in " + dir.root.string() +
                                         " yet. Start `hearth-ledgerd --data " + dir.root.string() +
                                         "` once; it makes keys, books and the card.");
}

Result<KeyFile> read_key_file(const LedgerDir& dir) {
  auto bytes = read_private_file(key_path(dir), max_key_file);
  if (!bytes && bytes.error().code == Code::not_found) return not_started(dir);
  if (!bytes) return pass_on(bytes.error());
  auto file = decode(*bytes);
  crypto::wipe(bytes->data(), bytes->size());
  if (!file)
    return fail(Code::corrupt, "The ledger's key file " + key_path(dir).string() +
                                   " is damaged. Restore it from the backup: new keys would void "
                                   "every voucher and card.");
  return std::move(*file);
}

Result<void> write_key_file(const LedgerDir& dir, const KeyFile& file) {
  Bytes bytes = encode(file);
  const auto written = write_file_atomic(key_path(dir), bytes, 0600);
  crypto::wipe(bytes.data(), bytes.size());
  return written;
}

}  // namespace

void EpochKeys::push_back(Epoch epoch) {
  const std::unique_lock lock(list_->mutex);
  HEARTH_ASSERT(list_->epochs.empty() || list_->epochs.back().epoch < epoch.epoch);
  list_->epochs.push_back(std::move(epoch));
}

std::size_t EpochKeys::size() const {
  const std::shared_lock lock(list_->mutex);
  return list_->epochs.size();
}

const EpochKeys::Epoch& EpochKeys::operator[](std::size_t i) const {
  const std::shared_lock lock(list_->mutex);
  return list_->epochs.at(i);
}

const EpochKeys::Epoch& EpochKeys::back() const {
  const std::shared_lock lock(list_->mutex);
  HEARTH_ASSERT(!list_->epochs.empty());
  return list_->epochs.back();
}

const EpochKeys::Epoch* EpochKeys::find(std::uint32_t epoch) const {
  const std::shared_lock lock(list_->mutex);
  for (const Epoch& known : list_->epochs)
    if (known.epoch == epoch) return &known;
  return nullptr;
}

const EpochKeys::Epoch* EpochKeys::for_purchase(std::uint32_t epoch, UtcMs now) const {
  const std::shared_lock lock(list_->mutex);
  const auto& epochs = list_->epochs;
  if (epochs.empty()) return nullptr;
  const Epoch& current = epochs.back();
  if (current.epoch == epoch) return &current;
  const bool in_grace = now - current.from_ms < epoch_grace_ms;
  if (epochs.size() < 2 || !in_grace || epochs[epochs.size() - 2].epoch != epoch) return nullptr;
  return &epochs[epochs.size() - 2];
}

std::vector<EpochKeys::Epoch> EpochKeys::all() const {
  const std::shared_lock lock(list_->mutex);
  return {list_->epochs.begin(), list_->epochs.end()};
}

Result<LedgerKeys> load_ledger_keys(const LedgerDir& dir) {
  const auto file = read_key_file(dir);
  if (!file) return pass_on(file.error());
  return derive_all(*file, dir);
}

Result<crypto::poprf::KeyPair> derive_epoch(const LedgerDir& dir, std::uint32_t epoch) {
  const auto file = read_key_file(dir);
  if (!file) return pass_on(file.error());
  return epoch_pair(file->seed, epoch);
}

Result<void> store_epochs(const LedgerDir& dir, const std::vector<EpochKeys::Epoch>& epochs) {
  auto file = read_key_file(dir);
  if (!file) return pass_on(file.error());
  file->epochs.clear();
  for (const auto& epoch : epochs) file->epochs.emplace_back(epoch.epoch, epoch.from_ms);
  return write_key_file(dir, *file);
}

Result<LedgerKeys> load_or_make_ledger_keys(const LedgerDir& dir, UtcMs now) {
  if (auto made = ensure_private_dir(dir.root); !made) return pass_on(made.error());
  if (auto made = ensure_private_dir(dir.keys()); !made) return pass_on(made.error());
  auto loaded = load_ledger_keys(dir);
  if (loaded || loaded.error().code != Code::not_initialised) return loaded;
  std::error_code ignored;
  if (std::filesystem::exists(dir.books(), ignored))
    return fail(Code::corrupt, "The ledger's key file " + key_path(dir).string() +
                                   " is missing, but there are books. Restore it from the backup: "
                                   "new keys would void every voucher and card. Nothing was "
                                   "changed.");
  KeyFile file;
  crypto::random_bytes(file.seed.data(), file.seed.size());
  file.epochs.emplace_back(1, now);
  if (auto written = write_key_file(dir, file); !written) return pass_on(written.error());
  return derive_all(file, dir);
}

Result<void> store_advertised_url(const LedgerDir& dir, const std::string& url) {
  if (url.empty() || url.size() > max_url)
    return fail(Code::usage, "The advertised URL must have 1 to 200 bytes.");
  return write_file_atomic(dir.url(), as_bytes(url), 0600);
}

Result<std::string> advertised_url(const LedgerDir& dir) {
  auto bytes = read_file(dir.url(), max_url);
  if (!bytes && bytes.error().code == Code::not_found) return not_started(dir);
  if (!bytes) return pass_on(bytes.error());
  return std::string(as_text(*bytes));
}

identity::LedgerCard ledger_card(const LedgerKeys& keys, const std::string& url) {
  const LedgerKeys::Epoch& current = keys.epochs.back();
  return {url, keys.signing.public_key(), current.epoch, current.pair.public_key, keys.tls.pin};
}

}  // namespace hearth::ledger
