#include "common/wire/documents.h"

#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "common/wire/document_fields.h"
#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

using test::code_of;
using test::specimens;

Json payload_of(const std::string& jws) {
  const std::size_t first = jws.find('.'), second = jws.find('.', first + 1);
  return Json::parse(*from_base64url(std::string_view(jws).substr(first + 1, second - first - 1)));
}

TEST_CASE("manifests come back as they were written") {
  const Manifest before = specimens().manifest();
  const auto after = read_manifest(specimens().manifest_jws());
  REQUIRE(after);
  CHECK(write_manifest(*after, specimens().seller.identity()) == specimens().manifest_jws());
  CHECK(after->home == before.home);
  CHECK(after->name == before.name);
  CHECK(after->kind == before.kind);
  CHECK(after->title == before.title);
  CHECK(after->info_hash == before.info_hash);
  CHECK(after->size == before.size);
  CHECK(after->poster == before.poster);
  CHECK(after->codecs == before.codecs);
}

TEST_CASE("offers carry their id, which is the hash of their text") {
  const Offer before = specimens().offer();
  const auto after = read_offer(before.jws);
  REQUIRE(after);
  CHECK(after->id == crypto::sha256(as_bytes(before.jws)));
  CHECK(after->price == specimens().price);
  CHECK(after->terms == before.terms);
  CHECK(after->seller() == specimens().seller.address());
  CHECK(payload_of(before.jws)["price"] == Json::parse(R"({"minor":350,"currency":"EUR"})"));
}

TEST_CASE("purchases, receipts, key lists, vouchers and redemptions come back") {
  const auto& all = specimens();
  const auto purchase = read_purchase(write_purchase(all.purchase(), all.buyer.identity()));
  REQUIRE(purchase);
  CHECK(write_purchase(*purchase, all.buyer.identity()) ==
        write_purchase(all.purchase(), all.buyer.identity()));
  CHECK(purchase->blinded == all.purchase().blinded);

  const std::string receipt_jws = write_receipt(all.receipt(), all.ledger);
  const auto receipt = read_receipt(receipt_jws, all.ledger.public_key());
  REQUIRE(receipt);
  CHECK(write_receipt(*receipt, all.ledger) == receipt_jws);
  CHECK(receipt->evaluated == all.receipt().evaluated);
  auto many = all.receipt();
  many.evaluated.push_back(many.evaluated.front());
  many.balance_after.minor = -7;
  for (const Receipt& one : {all.receipt(), many}) {
    const auto verified = verify_jws(write_receipt(one, all.ledger), "hearth/receipt/1");
    REQUIRE(verified);
    CHECK(sign_jws("hearth/receipt/1", verified->payload, all.ledger) ==
          write_receipt(one, all.ledger));
  }

  const std::string keys_jws = write_ledger_keys(all.ledger_keys(), all.ledger);
  const auto keys = read_ledger_keys(keys_jws, all.ledger.public_key());
  REQUIRE(keys);
  CHECK(write_ledger_keys(*keys, all.ledger) == keys_jws);

  const auto voucher = voucher_from_json(voucher_to_json(all.voucher()));
  REQUIRE(voucher);
  CHECK(voucher_to_json(*voucher) == voucher_to_json(all.voucher()));

  const auto redemption = read_redemption(write_redemption(all.voucher(), all.element(30)));
  REQUIRE(redemption);
  CHECK(redemption->token == all.voucher().token);
  CHECK(redemption->one_time_key ==
        crypto::SignKey::from_seed(all.voucher().one_time_seed).public_key());
}

TEST_CASE("refunds and transfers come back, signed by whose they are") {
  const auto& all = specimens();
  const std::string account = "wallet/" + all.buyer.address().text() + "/EUR/3";
  const auto refund = read_refund(write_refund(all.voucher(), account));
  REQUIRE(refund);
  CHECK(refund->account == account);
  CHECK(refund->token == all.voucher().token);
  CHECK(refund->one_time_key ==
        crypto::SignKey::from_seed(all.voucher().one_time_seed).public_key());

  TransferRequest transfer{{7}, all.buyer.address(), 0, max_pocket, all.price, all.now};
  const auto after = read_transfer(write_transfer(transfer, all.buyer.identity()));
  REQUIRE(after);
  CHECK(after->request_id == transfer.request_id);
  CHECK(after->from_pocket == 0);
  CHECK(after->to_pocket == max_pocket);
  CHECK(after->amount == all.price);
  CHECK(code_of(read_transfer(write_transfer(transfer, all.receiver.identity()))) ==
        "wrong_signer");
  transfer.to_pocket = max_pocket + 1;
  CHECK(code_of(read_transfer(write_transfer(transfer, all.buyer.identity()))) == "usage");
  transfer = {{7}, all.buyer.address(), 0, 1, {0, all.price.currency}, all.now};
  CHECK_FALSE(read_transfer(write_transfer(transfer, all.buyer.identity())));
  // One kind of document is not taken for another.
  CHECK_FALSE(read_refund(write_redemption(all.voucher(), all.element(30))));
}

TEST_CASE("the POPRF's inputs are the bytes that the protocol names") {
  OfferId offer;
  offer.fill(0xab);
  CHECK(to_hex(access_info(offer, 0x01020304)) ==
        to_hex(as_bytes("hearth access v1")) + to_hex(offer) + "01020304");
  crypto::SignPublicKey key;
  key.fill(0xcd);
  Bytes text = to_bytes(as_bytes("hearth voucher v1"));
  append(text, key);
  CHECK(voucher_input(key) == crypto::sha256(text));
}

TEST_CASE("each signer must be the one that the document names") {
  const auto& all = specimens();
  const auto& other = all.receiver.identity();
  CHECK(code_of(read_manifest(write_manifest(all.manifest(), other))) == "wrong_signer");
  CHECK(code_of(write_offer(all.manifest_jws(), all.price, {}, all.now, other)) == "wrong_signer");
  CHECK(code_of(read_purchase(write_purchase(all.purchase(), other))) == "wrong_signer");
  CHECK(code_of(read_receipt(write_receipt(all.receipt(), other), all.ledger.public_key())) ==
        "wrong_signer");
  CHECK(code_of(read_ledger_keys(write_ledger_keys(all.ledger_keys(), other),
                                 all.ledger.public_key())) == "wrong_signer");
}

TEST_CASE("a redemption is bound to the one-time key of the voucher's input") {
  const auto& all = specimens();
  const auto honest = read_redemption(write_redemption(all.voucher(), all.element(30)));
  Voucher stolen = all.voucher();
  stolen.one_time_seed = test::seed(21);
  const auto forged = read_redemption(write_redemption(stolen, all.element(30)));
  REQUIRE(honest);
  REQUIRE(forged);
  CHECK(voucher_input(honest->one_time_key) != voucher_input(forged->one_time_key));
}

using Change = std::function<void(Json&)>;

struct Limit {
  const char* what;
  Change change;
  const char* code;
};

Change set(const char* name, Json value) {
  return [=](Json& json) { json[name] = value; };
}

TEST_CASE("limits of a manifest") {
  const auto& key = specimens().seller.identity();
  const Json good = payload_of(specimens().manifest_jws());
  const Limit rows[] = {
      {"unchanged", [](Json&) {}, "ok"},
      {"a newer member", set("colour", "red"), "ok"},
      {"largest size", set("size", 1LL << 42), "ok"},
      {"size too large", set("size", (1LL << 42) + 1), "usage"},
      {"size below zero", set("size", -1), "usage"},
      {"size as text", set("size", "5"), "usage"},
      {"empty title", set("size", 0), "ok"},
      {"smallest pieces", set("piece_length", 16 * 1024), "ok"},
      {"pieces too small", set("piece_length", 8 * 1024), "usage"},
      {"largest pieces", set("piece_length", 16 << 20), "ok"},
      {"pieces too large", set("piece_length", 32 << 20), "usage"},
      {"pieces of an odd size", set("piece_length", 100'000), "usage"},
      {"path in the name", set("name", "../x"), "name_refused"},
      {"control character in the name", set("name", "a\u0007"), "name_refused"},
      {"no name", [](Json& json) { json.erase("name"); }, "usage"},
      {"unknown kind", set("kind", "smell"), "usage"},
      {"media type of 100", set("media_type", std::string(100, 'a')), "ok"},
      {"media type of 101", set("media_type", std::string(101, 'a')), "too_large"},
      {"media type with a blank", set("media_type", "video/mp4; x"), "usage"},
      {"media type in capitals", set("media_type", "Video/MP4"), "usage"},
      {"no media type", set("media_type", ""), "usage"},
      {"codecs of 101", set("codecs", std::string(101, 'a')), "too_large"},
      {"codecs with escapes", set("codecs", "\x1b[2J"), "usage"},
      {"largest poster", set("poster", to_base64url(Bytes(48 * 1024, 1))), "ok"},
      {"poster too large", set("poster", to_base64url(Bytes(48 * 1024 + 1, 1))), "too_large"},
      {"poster not base64url", set("poster", "!!"), "usage"},
      {"no poster", [](Json& json) { json.erase("poster"); }, "ok"},
      {"title cut", set("title", "07"), "usage"},
      {"title in capitals", set("title", std::string(64, 'A')), "usage"},
      {"time below zero", set("issued_ms", -1), "usage"},
      {"home that is none", set("home", "home1qqqq"), "usage"}};
  for (const Limit& row : rows) {
    CAPTURE(row.what);
    Json payload = good;
    row.change(payload);
    CHECK(code_of(read_manifest(sign_jws("hearth/manifest/1", payload, key))) == row.code);
  }
}

TEST_CASE("limits of an offer") {
  const auto& key = specimens().seller.identity();
  const Json good = payload_of(specimens().offer().jws);
  const auto price = [](std::int64_t minor, const char* currency) {
    return set("price", {{"minor", minor}, {"currency", currency}});
  };
  const Limit rows[] = {{"unchanged", [](Json&) {}, "ok"},
                        {"free", price(0, "EUR"), "ok"},
                        {"dearest", price(1'000'000'000'000, "EUR"), "ok"},
                        {"too dear", price(1'000'000'000'001, "EUR"), "usage"},
                        {"below zero", price(-1, "EUR"), "usage"},
                        {"no currency", price(1, ""), "currency_unknown"},
                        {"unknown currency", price(1, "QQQ"), "currency_unknown"},
                        {"price as text", set("price", "3.50 EUR"), "usage"},
                        {"default terms", [](Json& json) { json.erase("terms"); }, "ok"},
                        {"terms as a list", set("terms", Json::array()), "usage"},
                        {"oldest age", set("terms", {{"min_age", 21}}), "ok"},
                        {"age too old", set("terms", {{"min_age", 22}}), "usage"},
                        {"giftable as text", set("terms", {{"giftable", "yes"}}), "usage"},
                        {"no manifest", [](Json& json) { json.erase("manifest"); }, "usage"},
                        {"manifest that is none", set("manifest", "a.b.c"), "usage"}};
  for (const Limit& row : rows) {
    CAPTURE(row.what);
    Json payload = good;
    row.change(payload);
    CHECK(code_of(read_offer(sign_jws("hearth/offer/1", payload, key))) == row.code);
  }
}

TEST_CASE("limits of a purchase") {
  const auto& key = specimens().buyer.identity();
  const Json good = payload_of(write_purchase(specimens().purchase(), key));
  const Json element = good["blinded"][0];
  const Limit rows[] = {
      {"unchanged", [](Json&) {}, "ok"},
      {"sixteen vouchers", set("blinded", Json(std::vector<Json>(16, element))), "ok"},
      {"seventeen vouchers", set("blinded", Json(std::vector<Json>(17, element))), "usage"},
      {"no voucher", set("blinded", Json::array()), "usage"},
      {"no list", [](Json& json) { json.erase("blinded"); }, "usage"},
      {"element cut", set("blinded", {"AAAA"}), "usage"},
      {"element as a number", set("blinded", {5}), "usage"},
      {"last epoch", set("epoch", 4'294'967'295), "ok"},
      {"epoch too large", set("epoch", 4'294'967'296), "usage"},
      {"request id cut", set("request_id", "00"), "usage"},
      {"account too long", set("billing_account", std::string(201, 'x')), "too_large"}};
  for (const Limit& row : rows) {
    CAPTURE(row.what);
    Json payload = good;
    row.change(payload);
    CHECK(code_of(read_purchase(sign_jws("hearth/purchase/1", payload, key))) == row.code);
  }
}

TEST_CASE("limits of a ledger's key list and of a redemption's recipient") {
  const auto& all = specimens();
  const Json good = payload_of(write_ledger_keys(all.ledger_keys(), all.ledger));
  const Limit rows[] = {
      {"unchanged", [](Json&) {}, "ok"},
      {"no epochs", set("epochs", Json::array()), "usage"},
      {"epochs descending", [](Json& json) { std::swap(json["epochs"][0], json["epochs"][1]); },
       "usage"},
      {"epoch twice", [](Json& json) { json["epochs"][1] = json["epochs"][0]; }, "usage"},
      {"currency in small letters", set("currencies", {"eur"}), "usage"},
      {"no tracker", set("tracker_url", ""), "ok"},
      {"tracker of another scheme", set("tracker_url", "udp://x"), "usage"},
      {"tracker with a blank", set("tracker_url", "http://x y"), "usage"},
      {"escrow key of small order", set("escrow", to_base64url(Bytes(32, 0))), "usage"}};
  for (const Limit& row : rows) {
    CAPTURE(row.what);
    Json payload = good;
    row.change(payload);
    const std::string jws = sign_jws("hearth/ledger-keys/1", payload, all.ledger);
    CHECK(code_of(read_ledger_keys(jws, all.ledger.public_key())) == row.code);
  }
  CHECK(code_of(read_redemption(write_redemption(all.voucher(), crypto::BoxPublicKey{}))) ==
        "usage");
}

TEST_CASE("requests are fresh for five minutes, both ways") {
  const Json request = with_issued({{"home", "x"}}, 1'000'000'000);
  CHECK(request["home"] == "x");
  const auto at = [&](UtcMs now) { return code_of(check_fresh(request, now)); };
  CHECK(at(1'000'000'000) == "ok");
  CHECK(at(1'000'300'000) == "ok");
  CHECK(at(1'000'300'001) == "stale_request");
  CHECK(at(999'700'000) == "ok");
  CHECK(at(999'699'999) == "stale_request");
  CHECK(code_of(check_fresh(Json::object(), 0)) == "usage");
  CHECK(code_of(check_fresh({{"issued_ms", "now"}}, 0)) == "usage");
}

TEST_CASE("problem documents") {
  const Error before{Code::insufficient_funds, "The wallet holds 1.00 EUR. Nothing was charged."};
  const std::string text = write_problem(before);
  CHECK(Json::parse(text) == Json::parse(R"({"type":"about:blank","title":"insufficient_funds",
      "status":402,"detail":"The wallet holds 1.00 EUR. Nothing was charged."})"));
  const Error after = read_problem(as_bytes(text), 402);
  CHECK(after.code == before.code);
  CHECK(after.sentence == before.sentence);
  CHECK(read_problem(as_bytes(R"({"title":"from_the_future","detail":"x"})"), 400).code ==
        Code::internal);
  for (const char* body :
       {"", "<html>", "[]", "{}", R"({"title":"usage"})", R"({"title":1,"detail":"x"})"}) {
    CHECK(read_problem(as_bytes(body), 502).code == Code::bad_answer);
    CHECK(read_problem(as_bytes(body), 502).sentence.find("502") != std::string::npos);
  }
  const Error hostile = read_problem(as_bytes(R"({"title":"usage","detail":"\u001b[2J"})"), 400);
  CHECK(hostile.sentence.find('\x1b') == std::string::npos);
  CHECK(write_problem({Code::usage, "\xff"}).find("detail") != std::string::npos);
}

}  // namespace
}  // namespace hearth::wire
