// What is asked of torrents and offers before they are registered, and how names are folded.
#include <locale.h>
#include <wctype.h>

#include "common/crypto/age/age.h"
#include "ledger/catalogue/catalogue.h"

namespace hearth::ledger {
namespace {

/// C.UTF-8 is part of libc-bin, so it is there on every Debian; without it only ASCII folds.
locale_t unicode_locale() {
  static const locale_t locale =
      newlocale(LC_CTYPE_MASK, "C.UTF-8", static_cast<locale_t>(nullptr));
  return locale;
}

/// One code point of well-formed UTF-8 at `at`, or the byte itself; `size` is what it takes.
char32_t code_point(std::string_view text, std::size_t at, std::size_t& size) {
  const auto first = static_cast<std::uint8_t>(text[at]);
  size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (size == 1 || at + size > text.size()) {
    size = 1;
    return first;
  }
  char32_t out = first & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    out = (out << 6) | (static_cast<std::uint8_t>(text[at + i]) & 0x3fu);
  }
  return out;
}

void put_code_point(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0, size = 1; at < text.size(); at += size) {
    const char32_t c = code_point(text, at, size);
    if (size == 1) {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : text[at]);
    } else if (const locale_t locale = unicode_locale(); locale != nullptr) {
      // Up, then down: so the final sigma meets the other one.
      put_code_point(out, static_cast<char32_t>(
                              towlower_l(towupper_l(static_cast<wint_t>(c), locale), locale)));
    } else {
      out.append(text.substr(at, size));
    }
  }
  return out;
}

Result<Announcement> check_announcement(std::string_view jws, ByteView torrent, UtcMs now) {
  const auto signed_text = wire::verify_jws(jws, "hearth/torrent/1", 4096);
  if (!signed_text) return pass_on(signed_text.error());
  wire::Fields fields(signed_text->payload, "torrent announcement");
  const std::string home_text = fields.required_text("home", 120);
  const auto info_hash = fields.fixed_hex<20>("info_hash");
  const auto digest = fields.fixed_hex<32>("torrent_sha256");
  if (!fields.ok()) return pass_on(fields.error());
  if (auto fresh = wire::check_fresh(signed_text->payload, now); !fresh) {
    return pass_on(std::move(fresh.error()));
  }
  const auto home = identity::parse_home_address(home_text);
  if (!home) return pass_on(home.error());
  if (home->key != signed_text->signer) {
    return fail(Code::wrong_signer,
                "The torrent is announced for one home and signed by another. Nothing was stored.");
  }
  auto file = read_torrent_file(torrent);
  if (!file) return pass_on(std::move(file.error()));
  if (crypto::sha256(torrent) != digest || file->info_hash != info_hash) {
    return fail(Code::bad_torrent,
                "The torrent file is not the one that its announcement names. Nothing was stored; "
                "publish the title again.");
  }
  return Announcement{*home, *file};
}

Result<void> check_manifest(const wire::Manifest& manifest, const TorrentFile& torrent) {
  const char* differs = nullptr;
  if (manifest.info_hash != torrent.info_hash)
    differs = "info-hash";
  else if (manifest.title != torrent.title)
    differs = "title";
  else if (manifest.piece_length != torrent.piece_length)
    differs = "piece length";
  else if (crypto::age::payload_size(manifest.size) != torrent.size)
    differs = "size";
  if (differs == nullptr) return {};
  return fail(Code::bad_torrent, "The manifest names another " + std::string(differs) +
                                     " than its torrent has. Nothing was stored; publish the "
                                     "title again.");
}

Result<crypto::age::FileKey> open_sealed_key(ByteView sealed_key, const crypto::BoxKey& escrow) {
  auto header = crypto::age::open_header(sealed_key, escrow);
  if (!header) {
    return fail(header.error().code, "The title's key is not sealed to this ledger's escrow key: " +
                                         header.error().sentence);
  }
  if (header->size != sealed_key.size()) {
    return fail(Code::age_trailing, "More bytes follow the sealed key. Nothing was stored.");
  }
  return std::move(header->key);
}

}  // namespace hearth::ledger
