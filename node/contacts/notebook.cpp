#include "node/contacts/notebook.h"

#include <algorithm>

#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "node/contacts/contacts.h"

namespace hearth::node {
namespace {

crypto::BoxKey key_of(const crypto::Seed& wallet) {
  return crypto::BoxKey::from_seed(crypto::derive(wallet, "notebook", 0));
}

/// Who is to come back first, should there be more than fit.
int rank(ContactState state) {
  switch (state) {
    case ContactState::blocked:
      return 0;
    case ContactState::confirmed:
      return 1;
    case ContactState::invited:
      return 2;
    default:
      return 3;
  }
}

Result<std::vector<Contact>> contacts_of(const Records& records) {
  std::vector<Contact> all;
  auto scanned =
      records.scan(contact_prefix, [&](std::string_view, ByteView value) -> Result<void> {
        auto contact = decode_contact(value);
        if (!contact) return damaged("contact");
        all.push_back(std::move(*contact));
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return rank(a.state) < rank(b.state); });
  return all;
}

}  // namespace

Result<Bytes> current_notebook(const Records& records) {
  Notebook notebook;
  std::size_t size = 16 + sizeof(std::uint64_t) * max_contacts;  // counts, tokens
  for (std::size_t i = 0; i < notebook_keys.size(); ++i) {
    auto value = records.get(notebook_keys[i]);
    if (!value) return pass_on(value.error());
    if (*value) notebook.records[i] = std::move(**value);
    size += notebook.records[i].size() + 4;
  }
  const auto contacts = contacts_of(records);
  if (!contacts) return pass_on(contacts.error());
  for (const Contact& contact : *contacts) {
    Bytes record = encode(contact);
    const std::size_t more = record.size() + 4;
    if (size + more <= largest_notebook) {
      notebook.contacts.push_back(std::move(record));
      size += more;
    } else if (contact.known()) {
      notebook.left_out.push_back(contact.token);
    }
  }
  return write_notebook(notebook);
}

Bytes seal_notebook(const Bytes& notebook, const crypto::Seed& wallet) {
  return crypto::age::seal_file(notebook, {key_of(wallet).public_key()});
}

Result<std::size_t> put_notebook(store::Batch& batch, const Bytes& sealed,
                                 const crypto::Seed& wallet, UtcMs now) {
  const auto text = crypto::age::open_file(sealed, key_of(wallet));
  const auto notebook = read_notebook(text ? ByteView(*text) : ByteView());
  if (!notebook) return pass_on(notebook.error());
  for (std::size_t i = 0; i < notebook_keys.size(); ++i) {
    if (!notebook->records[i].empty()) put(batch, notebook_keys[i], notebook->records[i]);
  }
  for (const Bytes& record : notebook->contacts) {
    const auto contact = decode_contact(record);
    if (!contact) return damaged("contact");
    put(batch, std::string(contact_prefix) + to_hex(contact->card.home.key), record);
  }
  if (!notebook->left_out.empty()) put_tokens_of_left_out(batch, notebook->left_out, now);
  return notebook->contacts.size();
}

}  // namespace hearth::node
