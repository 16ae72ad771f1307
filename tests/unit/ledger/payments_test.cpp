// Money in: signatures of events, what events say, the inbox that credits each once, secrets.
#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/wire/json.h"
#include "ledger/payments/configured.h"
#include "ledger/payments/inbox.h"
#include "ledger/payments/manual.h"
#include "ledger/payments/signature.h"
#include "ledger/payments/webhook.h"
#include "tests/support/temp_dir.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::payments;

namespace {

constexpr std::string_view secret = "whsec_test_secret_0123456789";
constexpr std::string_view body = R"({"id":"evt_1"})";
constexpr std::int64_t at_s = 1'795'348'800;
constexpr UtcMs at_ms = at_s * 1000;
// python3: hmac.new(secret, b'1795348800.{"id":"evt_1"}', hashlib.sha256).hexdigest()
constexpr std::string_view mac = "aaa4e43be3c3c5d1f6b1f1f035063b6f53e7e0f9617759007036269b53316965";

std::string header(std::string_view v1) {
  return "t=1795348800,v1=" + std::string(v1);
}

identity::HomeAddress a_home() {
  return {crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("payer")))).public_key()};
}

AccountId a_wallet() {
  return AccountId::wallet(a_home(), money::Currency::from_code("EUR").value());
}

wire::Json event_json() {
  return {{"id", "evt_1"},
          {"type", "payment_intent.succeeded"},
          {"created", at_s},
          {"data",
           {{"object",
             {{"id", "pi_1"},
              {"amount_received", 350},
              {"currency", "eur"},
              {"metadata", {{"home", a_home().text()}}}}}}}};
}

Reading reading_of(const wire::Json& event) {
  const std::string text = event.dump();
  return read_event(as_bytes(text), "webhook:shop");
}

Event an_event(EventState state) {
  return {.provider = "shop",
          .id = "evt_1",
          .state = state,
          .at_ms = at_ms,
          .payment = Payment{a_wallet(), money::parse("3.50 EUR").value(), "evt_1", "webhook:shop"},
          .why = state == EventState::held ? "unknown_account" : ""};
}

void commit(store::Store& store, const store::Batch& batch) {
  REQUIRE(store.commit(batch, store.claim().value()));
}

std::size_t count(const store::View& view, bool open_only) {
  std::size_t out = 0;
  REQUIRE(each_event(view, open_only, [&out](const Event&) { return ++out, true; }));
  return out;
}

}  // namespace

TEST_CASE("payments: a signature is the one that another implementation makes") {
  CHECK(sign_event(secret, at_s, as_bytes(body)) == header(mac));
  CHECK(verify_signature(header(mac), as_bytes(body), {std::string(secret)}, at_ms));
}

TEST_CASE("payments: which signature headers are refused") {
  const std::string good(mac);
  const std::string zeros(64, '0');
  std::string many = "t=1795348800";
  for (int i = 0; i < 17; ++i) many += ",v1=" + zeros;
  struct Row {
    std::string header;
    const char* outcome;
  };
  const Row rows[] = {
      {header(good), "ok"},
      {"v1=" + good + ",t=1795348800", "ok"},
      {header(zeros) + ",v1=" + good, "ok"},               // while secrets change
      {header(good) + ",v0=" + zeros + ",extra=1", "ok"},  // other schemes are passed over
      {"", "usage"},
      {"t=1795348800", "usage"},
      {"v1=" + good, "usage"},
      {"t=1795348800,v0=" + good, "usage"},
      {"t=,v1=" + good, "usage"},
      {"t=-1,v1=" + good, "usage"},
      {"t=17953488000000,v1=" + good, "usage"},
      {"t=1795348800,t=1795348800,v1=" + good, "usage"},
      {header("abc"), "usage"},
      {"nonsense", "usage"},
      {many, "usage"},
      {std::string(5000, 'x'), "usage"},
      {header(zeros), "bad_signature"},
      {"t=1795348801,v1=" + good, "bad_signature"},  // the time is signed too
  };
  for (const Row& row : rows) {
    CAPTURE(row.header);
    const auto result = verify_signature(row.header, as_bytes(body), {std::string(secret)}, at_ms);
    CHECK((result ? "ok" : code_name(result.error().code)) == std::string(row.outcome));
  }
  const auto changed =
      verify_signature(header(good), as_bytes(R"({"id":"evt_2"})"), {std::string(secret)}, at_ms);
  CHECK(changed.error().code == Code::bad_signature);
  const auto other =
      verify_signature(header(good), as_bytes(body), {"another secret, as long"}, at_ms);
  CHECK(other.error().code == Code::bad_signature);
  CHECK(verify_signature(header(good), as_bytes(body),
                         {"another secret, as long", std::string(secret)}, at_ms));
}

TEST_CASE("payments: an event holds for five minutes, both directions") {
  struct Row {
    UtcMs now;
    bool good;
  };
  for (const Row& row :
       {Row{at_ms, true}, Row{at_ms + replay_window_ms, true},
        Row{at_ms + replay_window_ms + 1, false}, Row{at_ms - replay_window_ms, true},
        Row{at_ms - replay_window_ms - 1, false}}) {
    CAPTURE(row.now);
    const auto result =
        verify_signature(header(mac), as_bytes(body), {std::string(secret)}, row.now);
    CHECK(result.has_value() == row.good);
    if (!result) CHECK(result.error().code == Code::stale_request);
  }
}

TEST_CASE("payments: what an event says") {
  const Reading reading = reading_of(event_json());
  const auto* payment = std::get_if<Payment>(&reading);
  REQUIRE(payment != nullptr);
  CHECK(payment->account == a_wallet());
  CHECK(money::format(payment->amount) == "3.50 EUR");
  CHECK(payment->reference == "evt_1");
  CHECK(payment->by == "webhook:shop");

  auto other = event_json();
  other["type"] = "payment_intent.created";
  CHECK(std::get<NoPayment>(reading_of(other)).kind == "payment_intent.created");
}

TEST_CASE("payments: authentic events that cannot be credited are kept under their id") {
  struct Row {
    const char* path;
    wire::Json value;
    const char* why;
  };
  const Row rows[] = {
      {"/data/object/amount_received", 0, "usage"},
      {"/data/object/amount_received", -350, "usage"},
      {"/data/object/amount_received", "350", "usage"},
      {"/data/object/currency", "xxq", "currency_unknown"},
      {"/data/object/currency", 1, "usage"},
      {"/data/object/metadata/home", "home1nonsense", "usage"},
      {"/data/object/metadata", wire::Json::object(), "usage"},
      {"/data/object", nullptr, "usage"},
      {"/data", "no", "usage"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    auto event = event_json();
    event[wire::Json::json_pointer(row.path)] = row.value;
    const Reading reading = reading_of(event);
    const auto* unclear = std::get_if<Unclear>(&reading);
    REQUIRE(unclear != nullptr);
    CHECK(unclear->reference == "evt_1");
    CHECK(code_name(unclear->why.code) == row.why);
  }
  // Without an id that can be read, the bytes are the id.
  for (const std::string text : {"not JSON", R"({"type":"payment_intent.succeeded"})",
                                 R"({"id":"a b","type":"payment_intent.succeeded"})"}) {
    CAPTURE(text);
    const Reading reading = read_event(as_bytes(text), "webhook:shop");
    CHECK(std::get<Unclear>(reading).reference ==
          "sha256-" + to_hex(crypto::sha256(as_bytes(text))));
  }
}

TEST_CASE("payments: a provider reads only what is signed") {
  const WebhookProvider provider("shop", {std::string(secret)});
  const std::string text = event_json().dump();
  const std::string good = sign_event(secret, at_s, as_bytes(text));
  CHECK(std::holds_alternative<Payment>(*provider.read({as_bytes(text), good, at_ms})));
  CHECK(provider.read({as_bytes(text), header(mac), at_ms}).error().code == Code::bad_signature);
  const std::string huge(max_event + 1, ' ');
  const std::string huge_signature = sign_event(secret, at_s, as_bytes(huge));
  CHECK(provider.read({as_bytes(huge), huge_signature, at_ms}).error().code == Code::too_large);
}

TEST_CASE("payments: the operator is a provider too") {
  const ManualProvider provider(
      "anna", [](const std::string& text, const money::Currency& currency) -> Result<AccountId> {
        if (text == "Mine") return AccountId::wallet(a_home(), currency);
        if (text == "dollars") return AccountId::cash(money::Currency::from_code("USD").value());
        return fail(Code::unknown_account, "No such home.");
      });
  const auto read = [&](const wire::Json& arguments) {
    const std::string text = arguments.dump();
    return provider.read({as_bytes(text), {}, at_ms});
  };
  const wire::Json good{
      {"account", "Mine"}, {"amount", "3.50 EUR"}, {"reference", "statement 7, line 3"}};
  const auto reading = read(good);
  REQUIRE(reading);
  const auto& payment = std::get<Payment>(*reading);
  CHECK(payment.reference == "statement 7, line 3");
  CHECK(payment.by == "anna");
  CHECK(payment.account == a_wallet());
  CHECK(deposit_of(payment, at_ms).reference == payment.reference);
  struct Row {
    const char* name;
    const char* value;
    Code code;
  };
  for (const Row& row :
       {Row{"account", "Hers", Code::unknown_account},
        Row{"account", "dollars", Code::amount_invalid},
        Row{"amount", "-3.50 EUR", Code::amount_invalid},
        Row{"amount", "0.00 EUR", Code::amount_invalid},
        Row{"amount", "much", Code::amount_invalid}, Row{"reference", "", Code::usage}}) {
    CAPTURE(row.name);
    wire::Json bad = good;
    bad[row.name] = row.value;
    CHECK(read(bad).error().code == row.code);
  }
}

TEST_CASE("payments: rows of the inbox are read as they were written, and nothing else is") {
  for (const EventState state : {EventState::taken, EventState::credited, EventState::held}) {
    const Event event = an_event(state);
    const Bytes row = encode_event(event);
    CHECK(decode_event(row) == event);
    for (std::size_t size = 0; size < row.size(); ++size) {
      CHECK_FALSE(decode_event(ByteView(row).first(size)));
    }
    Bytes longer = row;
    longer.push_back(0);
    CHECK_FALSE(decode_event(longer));
  }
  Event unread{.provider = "shop", .id = "sha256-1", .state = EventState::held, .at_ms = at_ms};
  unread.body = to_bytes(as_bytes("not JSON"));
  CHECK(decode_event(encode_event(unread)) == unread);
  unread.state = EventState::taken;  // nothing could be credited
  CHECK_FALSE(decode_event(encode_event(unread)));
}

TEST_CASE("payments: the inbox lists what is not credited") {
  const auto store = store::open_memory();
  CHECK(load_event(*store, "shop", "evt_1").value() == std::nullopt);
  commit(*store, put_event(an_event(EventState::taken)));
  CHECK(load_event(*store, "shop", "evt_1").value() == an_event(EventState::taken));
  CHECK(load_event(*store, "sho", "pevt_1").value() == std::nullopt);
  Event other = an_event(EventState::held);
  other.id = "evt_2";
  commit(*store, put_event(other));
  CHECK(count(*store, true) == 2);
  commit(*store, put_event(an_event(EventState::credited)));
  CHECK(count(*store, true) == 1);
  CHECK(count(*store, false) == 2);
  CHECK(deposit_reference(other) == "shop:evt_2");
}

TEST_CASE("payments: the same event is one that says the same") {
  const Event known = an_event(EventState::credited);
  const auto with = [](const char* path, const wire::Json& value) {
    auto event = event_json();
    event[wire::Json::json_pointer(path)] = value;
    return reading_of(event);
  };
  CHECK(same_payment(known, reading_of(event_json())));
  CHECK(same_payment(known, with("/created", 1)));
  CHECK_FALSE(same_payment(known, with("/data/object/amount_received", 351)));
  CHECK_FALSE(same_payment(known, with("/data/object/currency", "usd")));
  CHECK_FALSE(same_payment(known, with("/data/object/metadata/home", "nobody")));
}

TEST_CASE("payments: providers of the configuration") {
  const test::TempDir dir;
  REQUIRE(write_file_atomic(dir.path() / "good", as_bytes(std::string(secret) + "\n"), 0600));
  REQUIRE(write_file_atomic(dir.path() / "open", as_bytes(secret), 0644));
  REQUIRE(write_file_atomic(dir.path() / "short", as_bytes("secret"), 0600));
  REQUIRE(write_file_atomic(dir.path() / "empty", as_bytes("\n\n"), 0600));
  struct Row {
    const char* name;
    Settings settings;
    const char* outcome;
  };
  const Row rows[] = {
      {"shop", {{"kind", "webhook"}, {"secret_file", "good"}}, "ok"},
      {"shop", {{"kind", "webhook"}, {"secret_file", "open"}}, "not_private"},
      {"shop", {{"kind", "webhook"}, {"secret_file", "short"}}, "usage"},
      {"shop", {{"kind", "webhook"}, {"secret_file", "empty"}}, "usage"},
      {"shop", {{"kind", "webhook"}, {"secret_file", "none"}}, "not_found"},
      {"shop", {{"kind", "webhook"}}, "usage"},
      {"shop", {{"kind", "else"}, {"secret_file", "good"}}, "usage"},
      {"shop", {{"kind", "webhook"}, {"secret_file", "good"}, {"color", "red"}}, "usage"},
      {"manual", {{"kind", "webhook"}, {"secret_file", "good"}}, "usage"},
      {"a/b", {{"kind", "webhook"}, {"secret_file", "good"}}, "usage"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto made = configured_providers({{row.name, row.settings}}, dir.path());
    CHECK((made ? "ok" : code_name(made.error().code)) == std::string(row.outcome));
  }
  CHECK(read_secrets("0123456789abcdef\r\nfedcba9876543210\n").value() ==
        std::vector<std::string>{"0123456789abcdef", "fedcba9876543210"});
}
