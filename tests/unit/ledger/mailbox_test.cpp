// docs/protocol.md §8, §8.1: the mailboxes' core over the memory store.
#include <doctest/doctest.h>

#include "ledger/mailbox/mailboxes.h"

using namespace hearth;
using namespace hearth::ledger;

namespace {

MailboxKey key_of(std::uint8_t fill) {
  MailboxKey out{};
  out.fill(fill);
  return out;
}

identity::DropToken token_of(std::uint8_t fill) {
  identity::DropToken out{};
  out.fill(fill);
  return out;
}

IdempotencyKey idempotency(std::uint64_t number) {
  IdempotencyKey out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

/// Mailboxes with the store that a ledger would keep them in.
struct Post {
  explicit Post(MailboxLimits l = {}) : limits(l) { reload(); }

  void reload() {
    auto loaded = Mailboxes::load(*store, limits);
    REQUIRE(loaded);
    boxes.emplace(std::move(*loaded));
  }
  void commit(const store::Batch& batch) { REQUIRE(store->commit(batch, epoch)); }
  Result<void> define(std::uint8_t box, std::vector<std::uint8_t> tokens, UtcMs issued_ms = 1) {
    MailboxDefinition definition{key_of(box), {}, issued_ms};
    for (const auto token : tokens) {
      definition.drop_tokens.push_back(crypto::sha256(token_of(token)));
    }
    auto batch = boxes->prepare_definition(definition);
    if (!batch) return pass_on(batch.error());
    commit(*batch);
    boxes->define(definition);
    return {};
  }
  Result<PendingDrop> prepare(std::uint8_t box, std::uint8_t token, std::uint64_t number,
                              std::string_view text, UtcMs now = 0) {
    return boxes->prepare_drop(key_of(box), token_of(token), idempotency(number), as_bytes(text),
                               now);
  }
  /// The sequence, or the refusal.
  Result<std::uint64_t> drop(std::uint8_t box, std::uint8_t token, std::uint64_t number,
                             std::string_view text, UtcMs now = 0) {
    auto pending = prepare(box, token, number, text, now);
    if (!pending) return pass_on(pending.error());
    if (!pending->batch.empty()) {
      commit(pending->batch);
      boxes->confirm(*pending);
    }
    return pending->sequence;
  }
  std::vector<std::string> held(std::uint8_t box, std::uint64_t after = 0) {
    std::vector<std::string> out;
    while (const auto next = boxes->next_drop(key_of(box), after)) {
      const auto body = load_drop(*store, key_of(box), next->sequence);
      REQUIRE(body);
      REQUIRE(*body);
      out.emplace_back(as_text(**body));
      after = next->sequence;
    }
    return out;
  }

  MailboxLimits limits;
  std::unique_ptr<store::Store> store = store::open_memory();
  std::uint64_t epoch = *store->claim();
  std::optional<Mailboxes> boxes;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("who may drop, and what comes of it") {
  Post post;
  REQUIRE(post.define(1, {10, 11}));
  CHECK(post.drop(1, 10, 1, "one") == 1u);
  CHECK(post.drop(1, 11, 2, "two") == 2u);
  CHECK(post.drop(2, 10, 3, "x").error().code == Code::unknown_mailbox);
  CHECK(post.drop(1, 12, 3, "x").error().code == Code::drop_refused);
  CHECK(post.drop(1, 10, 1, "one") == 1u);
  CHECK(post.drop(1, 10, 1, "other").error().code == Code::idempotency_mismatch);
  CHECK(post.held(1) == Texts{"one", "two"});
  CHECK(post.held(1, 1) == Texts{"two"});
  post.reload();
  CHECK(post.held(1) == Texts{"one", "two"});
  CHECK(post.drop(1, 10, 1, "one") == 1u);

  SUBCASE("a revoked token, also after a restart") {
    REQUIRE(post.define(1, {11}, 2));
    CHECK(post.drop(1, 10, 4, "x").error().code == Code::drop_refused);
    post.reload();
    CHECK(post.drop(1, 10, 4, "x").error().code == Code::drop_refused);
    CHECK(post.drop(1, 11, 4, "x") == 3u);
    CHECK(post.define(1, {10, 11}, 1).error().code == Code::stale_request);
  }
  SUBCASE("acknowledged drops are gone, their sequences are not used again") {
    post.commit(post.boxes->acknowledge(key_of(1), 2));
    CHECK(post.held(1).empty());
    post.reload();
    CHECK(post.held(1).empty());
    CHECK(post.drop(1, 10, 5, "three") == 3u);
  }
  SUBCASE("a drop that was fetched already does not come again") {
    post.commit(post.boxes->acknowledge(key_of(1), 2));
    CHECK(post.drop(1, 10, 1, "one") == 1u);
    CHECK(post.held(1).empty());
  }
  SUBCASE("kept for 30 days") {
    const UtcMs month = post.limits.keep_ms;
    CHECK(post.boxes->expire(month).empty());
    post.commit(post.boxes->expire(month + 1));
    CHECK(post.held(1).empty());
    post.reload();
    CHECK(post.held(1).empty());
    CHECK(post.drop(1, 10, 1, "one", month + 2) == 3u);
  }
}

TEST_CASE("quotas") {
  MailboxLimits limits;
  limits.mailboxes = 2;
  limits.drops = 3;
  limits.bytes = 10;
  limits.all_bytes = 15;
  Post post(limits);
  REQUIRE(post.define(1, {10}));
  REQUIRE(post.define(2, {10}));
  CHECK(post.define(3, {10}).error().code == Code::busy);
  SUBCASE("drops of one mailbox") {
    for (std::uint64_t i = 1; i <= 3; ++i) CHECK(post.drop(1, 10, i, "x"));
    CHECK(post.drop(1, 10, 4, "x").error().code == Code::mailbox_full);
    CHECK(post.drop(1, 10, 3, "x") == 3u);
    post.reload();
    CHECK(post.drop(1, 10, 4, "x").error().code == Code::mailbox_full);
    post.commit(post.boxes->acknowledge(key_of(1), 1));
    CHECK(post.drop(1, 10, 4, "x") == 4u);
  }
  SUBCASE("bytes of one mailbox, and of all") {
    CHECK(post.drop(1, 10, 1, "12345678"));
    CHECK(post.drop(1, 10, 2, "123").error().code == Code::mailbox_full);
    CHECK(post.drop(1, 10, 2, "12"));
    CHECK(post.drop(2, 10, 1, "123456").error().code == Code::mailbox_full);
    CHECK(post.drop(2, 10, 1, "12345"));
  }
}

TEST_CASE("the memory of idempotency keys is bounded: the oldest goes first") {
  MailboxLimits limits;
  limits.remembered = 2;
  Post post(limits);
  REQUIRE(post.define(1, {10}));
  for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(post.drop(1, 10, i, "x"));
  post.reload();
  CHECK(post.drop(1, 10, 3, "x") == 3u);
  CHECK(post.drop(1, 10, 2, "x") == 2u);
  CHECK(post.drop(1, 10, 1, "x") == 4u);
}

TEST_CASE("a drop is seen only when it is on disk") {
  Post post;
  REQUIRE(post.define(1, {10}));
  const auto first = post.prepare(1, 10, 1, "one");
  REQUIRE(first);
  CHECK_FALSE(post.boxes->next_drop(key_of(1), 0));
  SUBCASE("not written: as if it had never come") {
    post.boxes->abandon(*first);
    CHECK(post.held(1).empty());
    CHECK(post.drop(1, 10, 1, "one") == 2u);
    CHECK(post.held(1) == Texts{"one"});
  }
  SUBCASE("repeated while it is being written: the same record") {
    const auto again = post.prepare(1, 10, 1, "one");
    REQUIRE(again);
    CHECK(again->sequence == first->sequence);
    CHECK_FALSE(again->batch.empty());
    post.commit(first->batch);
    post.boxes->confirm(*first);
    post.commit(post.boxes->acknowledge(key_of(1), 1));
    post.boxes->confirm(*again);
    CHECK(post.held(1).empty());
  }
  SUBCASE("the first attempt fails, the second succeeds") {
    const auto again = post.prepare(1, 10, 1, "one");
    post.boxes->abandon(*first);
    post.commit(again->batch);
    post.boxes->confirm(*again);
    CHECK(post.held(1) == Texts{"one"});
    CHECK(post.drop(1, 10, 1, "one") == 1u);
  }
}
