#include "node/contacts/notebook_form.h"

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "node/contacts/contacts.h"
#include "node/contacts/directory_entries.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_record = 16 * 1024;

bool is_good(std::string_view key, ByteView value) {
  if (value.empty()) return true;
  if (key == "directory/own") return decode_entries(value).has_value();
  hearth::Reader in(value);
  const bool known = in.u8() == 1;
  (void)in.u64();
  if (key == "contacts/invitation") (void)in.i64();
  return known && in.done();
}

tl::unexpected<Error> no_notebook() {
  return fail(Code::corrupt,
              "What the ledger kept of this home's contacts is damaged, or was not made by it.");
}

}  // namespace

Bytes write_notebook(const Notebook& notebook) {
  Writer out;
  out.u8(format);
  for (const Bytes& record : notebook.records) out.bytes(record);
  out.u32(static_cast<std::uint32_t>(notebook.contacts.size()));
  for (const Bytes& contact : notebook.contacts) out.bytes(contact);
  out.u32(static_cast<std::uint32_t>(notebook.left_out.size()));
  for (const std::uint64_t token : notebook.left_out) out.u64(token);
  Bytes text = out.take();
  HEARTH_ASSERT(text.size() <= largest_notebook);
  std::size_t padded = smallest_notebook;
  while (padded < text.size()) padded *= 2;
  text.resize(padded);
  return text;
}

Result<Notebook> read_notebook(ByteView text) {
  hearth::Reader in(text);
  if (text.size() > largest_notebook || in.u8() != format) return no_notebook();
  Notebook out;
  for (std::size_t i = 0; i < notebook_keys.size(); ++i) {
    out.records[i] = to_bytes(in.bytes(max_record));
    if (!is_good(notebook_keys[i], out.records[i])) return no_notebook();
  }
  const std::uint32_t contacts = in.u32();
  if (contacts > max_contacts) return no_notebook();
  for (std::uint32_t i = 0; i < contacts; ++i) {
    out.contacts.push_back(to_bytes(in.bytes(max_record)));
    if (!decode_contact(out.contacts.back())) return no_notebook();
  }
  const std::uint32_t left_out = in.u32();
  if (!in.ok() || left_out > max_contacts) return no_notebook();
  for (std::uint32_t i = 0; i < left_out; ++i) out.left_out.push_back(in.u64());
  if (!in.ok()) return no_notebook();
  return out;
}

}  // namespace hearth::node
