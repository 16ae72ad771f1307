#include "node/web/phones.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/names.h"
#include "common/net/task.h"

namespace hearth::node {
namespace {

/// Of the whole home, whoever tries: a code of 40 bits then outlasts every window by far.
constexpr net::Rate tries_rate{0.2, 10};

tl::unexpected<Error> no_session() {
  return fail(Code::no_session,
              "This phone or browser is not paired with the home, or no longer. Nothing was done; "
              "pair it with the code that the home shows (hearth pair).");
}

}  // namespace

Result<Phones::Shown> Phones::open(PhoneRole role, const std::string& profile, UtcMs now) {
  if (url_.empty()) {
    return fail(Code::not_found,
                "This home serves no page, so there is nothing to pair a phone with. Start hearthd "
                "with --listen ADDR:PORT, for example --listen 0.0.0.0:8480.");
  }
  auto tidied = forget_old(now);
  if (!tidied) return pass_on(tidied.error());
  const auto phones = all();
  if (!phones) return pass_on(phones.error());
  if (phones->size() >= max_phones) {
    return fail(Code::too_large, "There are " + std::to_string(max_phones) +
                                     " phones already. Nothing was opened; remove one first: "
                                     "hearth phones remove PHONE.");
  }
  Pairing::Open what{to_base64url(crypto::random_array<16>()), code_from(crypto::random_array<8>()),
                     role, profile};
  const std::int64_t steady = net::steady_ms();
  pairing_.open(what, steady);
  std::string url = url_ + "#pair=" + what.secret;
  return Shown{std::move(what), std::move(url), pairing_.left_ms(steady)};
}

bool Phones::close() {
  const bool was_open = pairing_.now_open(net::steady_ms()) != nullptr;
  pairing_.close();
  return was_open;
}

Result<Phones::Paired> Phones::pair(std::string_view code, std::string_view secret,
                                    const std::string& name, UtcMs now) {
  const std::int64_t steady = net::steady_ms();
  if (tries_.take(tries_rate, steady) > 0) {
    return fail(Code::rate_limited,
                "Too many codes were tried. Nothing was paired; wait a minute and try again.");
  }
  const auto checked = checked_name(name);
  if (!checked) return pass_on(checked.error());
  const Pairing::Open* open = pairing_.now_open(steady);
  Paired out;
  if (open != nullptr) {
    out.phone.role = open->role;
    out.phone.profile = open->profile;
  }
  switch (pairing_.attempt(code, secret, steady)) {
    case Pairing::Verdict::right:
      break;
    case Pairing::Verdict::closed:
      return fail(Code::pairing_closed,
                  "No phone can be paired now. Nothing was done; open the pairing at home first: "
                  "hearth pair.");
    case Pairing::Verdict::wrong:
      return fail(Code::wrong_code,
                  "That is not the code that the home shows. Nothing was done; look again.");
    case Pairing::Verdict::last_wrong:
      spdlog::warn("page: pairing is closed after {} wrong codes", max_wrong_codes);
      return fail(Code::wrong_code,
                  "That is not the code that the home shows, and it was the last try. Nothing was "
                  "done; open the pairing again: hearth pair.");
  }
  out.phone.id = to_hex(crypto::random_array<8>());
  out.phone.name = *checked;
  out.phone.paired_ms = out.phone.used_ms = now;
  out.token = to_base64url(crypto::random_array<32>());
  auto kept = put_phone(*session_key(out.token), out.phone);
  if (!kept) return pass_on(kept.error());
  spdlog::info("page: a phone was paired as {}", name_of(out.phone.role));
  return out;
}

Result<std::optional<Phone>> Phones::stored(const std::string& key, UtcMs now) const {
  const auto bytes = records_.get(key);
  if (!bytes) return pass_on(bytes.error());
  if (!*bytes) return std::optional<Phone>();
  auto phone = decode_phone(**bytes);
  if (!phone) return damaged("phone");
  if (is_over(*phone, now)) return std::optional<Phone>();
  return phone;
}

Result<Phone> Phones::by_token(std::string_view token, UtcMs now) {
  const auto key = session_key(token);
  if (!key) return no_session();
  auto phone = stored(*key, now);
  if (!phone) return pass_on(phone.error());
  if (!*phone) return no_session();
  if (is_to_note(**phone, now)) {
    (*phone)->used_ms = now;
    auto kept = put_phone(*key, **phone);
    if (!kept) return pass_on(kept.error());
  }
  return std::move(**phone);
}

bool Phones::is_paired(std::string_view token, UtcMs now) const {
  const auto key = session_key(token);
  if (!key) return false;
  const auto phone = stored(*key, now);
  return phone && *phone;
}

/// Those that are over too, by the time of pairing.
Result<std::vector<Phones::Stored>> Phones::all() const {
  std::vector<Stored> out;
  auto scanned =
      records_.scan(session_prefix, [&](std::string_view rest, ByteView value) -> Result<void> {
        auto phone = decode_phone(value);
        if (!phone) return damaged("phone");
        out.push_back({std::string(session_prefix) + std::string(rest), std::move(*phone)});
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  std::sort(out.begin(), out.end(), [](const Stored& a, const Stored& b) {
    return std::pair(a.phone.paired_ms, a.phone.id) < std::pair(b.phone.paired_ms, b.phone.id);
  });
  return out;
}

Result<std::vector<Phones::Stored>> Phones::paired(UtcMs now) const {
  auto stored = all();
  if (stored) std::erase_if(*stored, [&](const Stored& one) { return is_over(one.phone, now); });
  return stored;
}

Result<void> Phones::forget_old(UtcMs now) {
  const auto stored = all();
  if (!stored) return pass_on(stored.error());
  store::Batch batch;
  for (const Stored& one : *stored) {
    if (is_over(one.phone, now)) erase(batch, one.key);
  }
  return batch.empty() ? Result<void>() : records_.commit(batch);
}

Result<std::vector<Phone>> Phones::list(UtcMs now) const {
  auto stored = paired(now);
  if (!stored) return pass_on(stored.error());
  std::vector<Phone> out;
  for (auto& one : *stored) out.push_back(std::move(one.phone));
  return out;
}

Result<Phones::Stored> Phones::find(const std::string& what, UtcMs now) const {
  auto stored = paired(now);
  if (!stored) return pass_on(stored.error());
  std::vector<Stored> found;
  for (auto& one : *stored) {
    const bool by_id = what.size() >= 4 && one.phone.id.starts_with(what);
    if (by_id || one.phone.name == what) found.push_back(std::move(one));
  }
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) {
    return fail(Code::not_found, "There is no phone " + printable(what) +
                                     ". Nothing was changed; hearth phones list shows all.");
  }
  return fail(Code::not_found, "Several phones are called " + printable(what) +
                                   ". Nothing was changed; use the id that hearth phones list "
                                   "shows.");
}

Result<Phone> Phones::rename(const std::string& what, const std::string& name, UtcMs now) {
  const auto checked = checked_name(name);
  if (!checked) return pass_on(checked.error());
  auto found = find(what, now);
  if (!found) return pass_on(found.error());
  found->phone.name = *checked;
  auto kept = put_phone(found->key, found->phone);
  if (!kept) return pass_on(kept.error());
  return std::move(found->phone);
}

Result<Phone> Phones::remove(const std::string& what, UtcMs now) {
  auto found = find(what, now);
  if (!found) return pass_on(found.error());
  store::Batch batch;
  erase(batch, found->key);
  auto gone = records_.commit(batch);
  if (!gone) return pass_on(gone.error());
  return std::move(found->phone);
}

Result<void> Phones::leave(std::string_view token) {
  const auto key = session_key(token);
  if (!key) return no_session();
  store::Batch batch;
  erase(batch, *key);
  return records_.commit(batch);
}

Result<void> Phones::put_phone(const std::string& key, const Phone& phone) {
  store::Batch batch;
  put(batch, key, encode(phone));
  return records_.commit(batch);
}

}  // namespace hearth::node
