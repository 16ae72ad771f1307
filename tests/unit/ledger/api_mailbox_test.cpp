// docs/protocol.md §8.1 over TLS: opening, pushing, reconnecting, acknowledging.
#include <doctest/doctest.h>

#include "api_fixture.h"
#include "common/wire/gift_documents.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

struct Owner {
  TestLedger& ledger;
  crypto::SignKey key = crypto::SignKey::from_seed(test_seed(50));
  identity::DropToken token = crypto::sha256(as_bytes("a drop token"));
  std::string path = "/v1/mailboxes/" + to_base64url(key.public_key());

  net::Response define(const std::vector<identity::DropToken>& tokens) {
    wire::Json hashes = wire::Json::array();
    for (const auto& one : tokens) hashes.push_back(to_hex(crypto::sha256(one)));
    return ledger.put(path,
                      wire::sign_jws("hearth/mailbox/1",
                                     wire::with_issued({{"mailbox", to_base64url(key.public_key())},
                                                        {"drop_tokens", hashes}},
                                                       ledger.clock),
                                     key));
  }
  net::Response drop(std::string_view text, std::uint8_t number) {
    return ledger.post(path + "/drops", text,
                       {{"hearth-drop-token", to_base64url(token)},
                        {"idempotency-key", to_hex(Bytes(16, number))}});
  }
  std::string opening(const wire::Json& challenge, std::uint64_t after,
                      const crypto::SignKey& signer) {
    return wire::sign_jws("hearth/mailbox-open/1",
                          wire::with_issued({{"mailbox", to_base64url(key.public_key())},
                                             {"challenge", challenge["challenge"]},
                                             {"after", after}},
                                            ledger.clock),
                          signer);
  }
  std::unique_ptr<TestSocket> open(std::uint64_t after) {
    auto socket = ledger.open_socket(path + "/events");
    const auto challenge = socket->read();
    REQUIRE(challenge);
    socket->send_text(opening(*challenge, after, key));
    return socket;
  }
};

void check_event(const std::optional<wire::Json>& event, std::uint64_t sequence,
                 std::string_view text) {
  REQUIRE(event);
  CHECK((*event)["sequence"] == sequence);
  CHECK((*event)["drop"] == to_base64url(as_bytes(text)));
}

}  // namespace

TEST_CASE("drops are pushed, kept until acknowledged, and survive a restart") {
  TestLedger ledger;
  Owner owner{ledger};
  REQUIRE(owner.define({owner.token}).status == 200);
  const auto taken = owner.drop("one", 1);
  CHECK(taken.status == 202);
  CHECK(json_of(taken)["sequence"] == 1);
  auto socket = owner.open(0);
  check_event(socket->read(), 1, "one");
  CHECK(owner.drop("two", 2).status == 202);
  check_event(socket->read(), 2, "two");
  CHECK(json_of(owner.drop("two", 2))["sequence"] == 2);

  SUBCASE("reconnecting with after") {
    socket = owner.open(1);
    check_event(socket->read(), 2, "two");
  }
  SUBCASE("nothing acknowledged: everything comes again") {
    socket.reset();
    ledger.restart();
    socket = owner.open(0);
    check_event(socket->read(), 1, "one");
    check_event(socket->read(), 2, "two");
  }
  SUBCASE("acknowledged drops are deleted") {
    socket->send({{"ack", 1}});
    socket->send_text("hostile nonsense");
    socket->send({{"ack", -5}});
    // The third drop is pushed after the acknowledgement was taken.
    CHECK(owner.drop("three", 3).status == 202);
    check_event(socket->read(), 3, "three");
    socket.reset();
    ledger.restart();
    socket = owner.open(0);
    check_event(socket->read(), 2, "two");
    check_event(socket->read(), 3, "three");
  }
}

TEST_CASE("a notebook is kept for its owner alone, and across restarts") {
  TestLedger ledger;
  Owner owner{ledger};
  const auto put = [&](const Bytes& notebook) {
    wire::Json fields = {{"mailbox", to_base64url(owner.key.public_key())},
                         {"drop_tokens", wire::Json::array()}};
    if (!notebook.empty()) fields["notebook"] = to_base64url(notebook);
    return ledger
        .put(owner.path,
             wire::sign_jws("hearth/mailbox/1",
                            wire::with_issued(std::move(fields), ++ledger.clock), owner.key))
        .status;
  };
  const auto get = [&](const crypto::SignKey& signer, const char* type, UtcMs at) {
    return ledger.post(
        owner.path + "/notebook",
        wire::sign_jws(type,
                       wire::with_issued({{"mailbox", to_base64url(owner.key.public_key())}}, at),
                       signer));
  };
  const auto own = [&] { return get(owner.key, "hearth/notebook/1", ledger.clock); };
  CHECK(own().status == 404);
  CHECK(put(Bytes(5000, 7)) == 200);
  CHECK(own().body == Bytes(5000, 7));
  CHECK(put({}) == 200);  // who says nothing of it keeps it
  CHECK(own().body == Bytes(5000, 7));
  ledger.restart();
  CHECK(own().body == Bytes(5000, 7));
  CHECK(put(Bytes(136 * 1024, 9)) == 200);
  CHECK(put(Bytes(136 * 1024 + 1, 9)) == 413);
  CHECK(own().body == Bytes(136 * 1024, 9));

  const auto stranger = crypto::SignKey::from_seed(test_seed(51));
  CHECK(get(stranger, "hearth/notebook/1", ledger.clock).status == 403);
  CHECK(get(owner.key, "hearth/mailbox/1", ledger.clock).status == 400);
  CHECK(get(owner.key, "hearth/notebook/1", ledger.clock - 3'600'000).status == 401);
}

TEST_CASE("an acknowledgement never reaches beyond what was shown") {
  TestLedger ledger;
  Owner owner{ledger};
  REQUIRE(owner.define({owner.token}).status == 200);
  auto socket = owner.open(0);
  CHECK(owner.drop("one", 1).status == 202);
  check_event(socket->read(), 1, "one");
  socket->send({{"ack", 1'000'000}});
  CHECK(owner.drop("two", 2).status == 202);
  check_event(socket->read(), 2, "two");
}

TEST_CASE("only the owner opens a mailbox") {
  TestLedger ledger;
  Owner owner{ledger};
  REQUIRE(owner.define({owner.token}).status == 200);
  REQUIRE(owner.drop("one", 1).status == 202);
  const auto refused = [&](const std::function<std::string(const wire::Json&)>& answer) {
    auto socket = ledger.open_socket(owner.path + "/events");
    const auto challenge = socket->read();
    REQUIRE(challenge);
    socket->send_text(answer(*challenge));
    const auto reply = socket->read();
    REQUIRE(reply);
    CHECK_FALSE(reply->contains("drop"));
    CHECK_FALSE(socket->read());
    return (*reply)["title"].get<std::string>();
  };
  const auto stranger = crypto::SignKey::from_seed(test_seed(51));
  CHECK(refused([&](const auto& c) { return owner.opening(c, 0, stranger); }) == "wrong_signer");
  CHECK(refused([&](const auto&) {
          return owner.opening({{"challenge", to_base64url(Bytes(32, 7))}}, 0, owner.key);
        }) == "stale_request");
  CHECK(refused([](const auto&) { return std::string("{}"); }) == "usage");

  auto unknown = ledger.open_socket("/v1/mailboxes/" + to_base64url(Bytes(32, 9)) + "/events");
  CHECK((*unknown->read())["title"] == "unknown_mailbox");
}

TEST_CASE("refused drops and definitions") {
  MailboxLimits limits;
  limits.drops = 2;
  Policy policy;
  policy.mailbox_limits = limits;
  TestLedger ledger(policy);
  Owner owner{ledger};
  CHECK(problem_code(owner.drop("x", 1)) == "unknown_mailbox");
  REQUIRE(owner.define({owner.token}).status == 200);
  const auto with = [&](net::Headers headers, std::string_view body = "x") {
    return problem_code(ledger.post(owner.path + "/drops", body, std::move(headers)));
  };
  const std::string token = to_base64url(owner.token), id(32, 'a');
  CHECK(with({}) == "usage");
  CHECK(with({{"hearth-drop-token", token}}) == "usage");
  CHECK(with({{"idempotency-key", id}}) == "usage");
  CHECK(with({{"hearth-drop-token", token}, {"idempotency-key", "short"}}) == "usage");
  CHECK(with({{"hearth-drop-token", token}, {"idempotency-key", id}}, "") == "usage");
  CHECK(with({{"hearth-drop-token", to_base64url(Bytes(32, 1))}, {"idempotency-key", id}}) ==
        "drop_refused");
  CHECK(owner.drop(std::string(wire::max_drop, 'x'), 1).status == 202);
  CHECK(owner.drop(std::string(wire::max_drop + 1, 'x'), 2).status == 413);
  CHECK(problem_code(owner.drop("other", 1)) == "idempotency_mismatch");
  CHECK(owner.drop("two", 2).status == 202);
  CHECK(problem_code(owner.drop("three", 3)) == "mailbox_full");

  const auto stranger = crypto::SignKey::from_seed(test_seed(51));
  const auto forged = wire::sign_jws(
      "hearth/mailbox/1",
      wire::with_issued(
          {{"mailbox", to_base64url(owner.key.public_key())}, {"drop_tokens", wire::Json::array()}},
          ledger.clock),
      stranger);
  CHECK(problem_code(ledger.put(owner.path, forged)) == "wrong_signer");
  CHECK(problem_code(ledger.put("/v1/mailboxes/xyz", forged)) == "unknown_mailbox");
  CHECK(problem_code(owner.define(std::vector<identity::DropToken>(257))) == "usage");
}
