#include "ledger/operators/key_file.h"

#include <algorithm>
#include <sstream>

#include "common/base/bech32.h"
#include "common/base/files.h"
#include "ledger/operators/order.h"

namespace hearth::ledger {
namespace {

constexpr std::string_view secret_prefix = "operator-secret-key-";
constexpr std::size_t max_file = 4096;

tl::unexpected<Error> no_key(const std::filesystem::path& file) {
  return fail(Code::usage, file.string() +
                               " holds no operator's key; `hearth-ledger operator keygen FILE` "
                               "makes one. Nothing was done.");
}

}  // namespace

Result<crypto::SignKey> make_operator_key_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored))
    return fail(Code::already_initialised,
                file.string() + " is there already and was left as it is. Choose another file.");
  crypto::Seed seed;
  crypto::random_bytes(seed.data(), seed.size());
  const crypto::SignKey key = crypto::SignKey::from_seed(seed);
  std::string secret = bech32::encode(secret_prefix, seed.view());
  std::transform(secret.begin(), secret.end(), secret.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string text = "# public key: " + operator_key_text(key.public_key()) + "\n" + secret + "\n";
  const auto written = write_file_atomic(file, as_bytes(text), 0600);
  crypto::wipe(secret.data(), secret.size());
  crypto::wipe(text.data(), text.size());
  if (!written) return pass_on(written.error());
  return key;
}

Result<crypto::SignKey> load_operator_key_file(const std::filesystem::path& file) {
  auto bytes = read_private_file(file, max_file);
  if (!bytes) return pass_on(bytes.error());
  std::istringstream lines{std::string(as_text(*bytes))};
  crypto::wipe(bytes->data(), bytes->size());
  std::string line;
  while (std::getline(lines, line) && (line.empty() || line[0] == '#')) continue;
  auto decoded = bech32::decode(line);
  crypto::wipe(line.data(), line.size());
  if (!decoded || decoded->prefix != secret_prefix || decoded->data.size() != 32)
    return no_key(file);
  crypto::Seed seed;
  std::copy(decoded->data.begin(), decoded->data.end(), seed.data());
  crypto::wipe(decoded->data.data(), decoded->data.size());
  return crypto::SignKey::from_seed(seed);
}

}  // namespace hearth::ledger
