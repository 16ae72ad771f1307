// Signed notes, checkpoints, proof files and opened records: what a ledger or a stranger shows. The
// first byte picks the decoder. One of them signs what it is given, so that what stands behind the
// signature is reached too.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/tlog/tiles.h"
#include "common/wire/receipt_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  static const auto key = crypto::SignKey::from_seed(crypto::Seed());
  if (size == 0) return 0;
  const ByteView input(data + 1, size - 1);
  const std::string_view text = as_text(input);
  switch (data[0] % 5) {
    case 0: {
      const auto note = tlog::parse_note(text);
      if (note) {
        HEARTH_ASSERT(!note->signatures.empty() && note->text.ends_with('\n'));
        (void)tlog::verify_note(*note, note->signatures[0].name, key.public_key());
      }
      (void)tlog::read_checkpoint(text, key.public_key());
      break;
    }
    case 1: {
      const std::string origin = tlog::log_origin(key.public_key());
      const std::string note =
          tlog::sign_note(origin + "\n" + std::string(text) + "\n", origin, key);
      const auto checkpoint = tlog::read_checkpoint(note, key.public_key());
      if (checkpoint) {
        const std::string again = tlog::sign_checkpoint(*checkpoint, key);
        HEARTH_ASSERT(tlog::read_checkpoint(again, key.public_key()).value() == *checkpoint);
      }
      break;
    }
    case 2: {
      const auto proof = tlog::parse_proof(text);
      if (!proof) break;
      HEARTH_ASSERT(tlog::write_proof(*proof) == text);
      (void)tlog::verify_proof(*proof, key.public_key());
      break;
    }
    case 3: {
      const auto tile = tlog::parse_tile_path(text);
      if (tile) HEARTH_ASSERT(tlog::tile_path(*tile) == text);
      break;
    }
    default:
      (void)wire::read_purchase_record(input);
      (void)wire::read_epoch_record(input);
  }
  return 0;
}
