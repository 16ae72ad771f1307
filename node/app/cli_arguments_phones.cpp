#include "node/app/cli_words.h"

namespace hearth::node {

void declare_phones(CLI::App& app, Order& order) {
  Command(app, order, "pair", "pair-open", "let a phone or browser use this home's page")
      .word("as", "--as", "owner, member (if not said) or child", false)
      .word("profile", "--profile", "of a child's phone: what it may see", false);
  CLI::App& phones = group(app, "phones", "the phones and browsers that are paired");
  Command(phones, order, "list", "phones-list", "all of them");
  Command(phones, order, "rename", "phones-rename", "call one otherwise")
      .word("phone", "phone", "its id, the beginning of it, or its name")
      .word("as", "name", "the new name");
  Command(phones, order, "remove", "phones-remove", "its pages close at once")
      .word("phone", "phone", "its id, the beginning of it, or its name");
  Command(phones, order, "close", "pair-close", "end the pairing that hearth pair opened");
}

}  // namespace hearth::node
