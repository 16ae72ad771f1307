// Gift cards between real daemons: made, printed, claimed once, taken back, refused.
#include <fstream>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;
using hearth::as_bytes;

namespace {

struct CardShop {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  std::string offer;

  CardShop() {
    offer = town.publish(a, town.make_file("film.bin", 300'000, 7), "3.50 EUR", {"--min-age", "12"})
                .at("offer");
    town.deposit(b, "20.00 EUR", "cash 1");
    eventually("the film has a source", 60, [this] {
      const Json offers = rows(b.ok({"catalogue"}), "offers");
      return !offers.empty() && offers.at(0).at("complete_sources") >= 1;
    });
  }
  std::string card_state(const std::string& id) const {
    for (const Json& one : rows(b.ok({"gift", "cards", "--check"}), "cards"))
      if (one.at("card") == id) return one.at("state");
    return "";
  }
};

}  // namespace

TEST_CASE("a gift card is printed, claimed once, and worthless from then on") {
  CardShop shop;
  const fs::path pdf = shop.town.dir() / "card.pdf", png = shop.town.dir() / "card.png";
  const Json card = shop.b.ok({"gift", "card", shop.offer, "--note", "For you", "--out", pdf});
  CHECK(card.at("paid").at("minor") == 350);
  CHECK(card.at("file") == pdf.string());
  CHECK(balance(shop.b) == 1650);
  const std::string text = card.at("text");
  // Printed again, nothing is paid again.
  const Json again = shop.b.ok({"gift", "card", card.at("card"), "--out", png});
  CHECK(again.at("text") == text);
  CHECK(run({"pdftotext", "-raw", pdf, "-"}).out.find("For you") != std::string::npos);
  CHECK(run({"zbarimg", "--quiet", "--raw", png}).out == card.at("uri").get<std::string>() + "\n");
  CHECK(balance(shop.b) == 1650);
  CHECK(shop.card_state(card.at("card")) == "out");

  const fs::path file = shop.town.dir() / "card.txt";
  REQUIRE(hearth::write_file_atomic(file, as_bytes(card.at("uri").get<std::string>()), 0600));
  Json claimed;
  SUBCASE("from a text file") {
    claimed = shop.c.ok({"gift", "claim", file});
  }
  SUBCASE("from the printed PDF") {
    claimed = shop.c.ok({"gift", "claim", pdf});
  }
  SUBCASE("from the printed PNG") {
    claimed = shop.c.ok({"gift", "claim", png});
  }
  CHECK(claimed.at("name") == "film.bin");
  CHECK(claimed.at("delivery") == true);
  eventually("C has the film", 60, [&] { return complete_with_key(shop.c, "film.bin"); });
  CHECK(balance(shop.c) == 0);
  eventually("the seller is paid once", 30, [&] { return sold(shop.a, 350, 1); });

  const std::string refused = shop.b.refused({"gift", "claim", text}, "voucher_spent");
  CHECK(refused.find("used already") != std::string::npos);
  CHECK(shop.card_state(card.at("card")) == "used");
  shop.town.audit_clean();
}

TEST_CASE("a gift card is taken back unless somebody was faster") {
  CardShop shop;
  const Json card = shop.b.ok({"gift", "card", shop.offer});
  const Json voided = shop.b.ok({"gift", "card", card.at("card"), "--void"});
  CHECK(voided.at("state") == "voided");
  CHECK(vouchers(shop.b, "held") == 1);
  shop.c.refused({"gift", "claim", card.at("text")}, "voucher_spent");

  // The fresh voucher makes the next card, and nothing is paid.
  const Json second = shop.b.ok({"gift", "card", shop.offer});
  CHECK_FALSE(second.contains("paid"));
  CHECK(balance(shop.b) == 1650);
  const Json kept = shop.c.ok({"gift", "claim", second.at("text"), "--keep-voucher"});
  CHECK(kept.at("delivery") == false);
  CHECK(vouchers(shop.c, "held") == 1);
  const Json late = shop.b.ok({"gift", "card", second.at("card"), "--void"});
  CHECK(late.at("state") == "used");
  CHECK(vouchers(shop.b, "held") == 0);

  // What C holds is worth its price.
  shop.c.ok({"wallet", "refund", kept.at("voucher")});
  CHECK(balance(shop.c) == 350);
  shop.town.audit_clean();
}

TEST_CASE("what is no card of this ledger claims nothing") {
  CardShop shop;
  const std::string text = shop.b.ok({"gift", "card", shop.offer}).at("text");
  std::string mistyped = text;
  mistyped[100] = mistyped[100] == 'q' ? 'p' : 'q';
  CHECK(shop.c.refused({"gift", "claim", mistyped}, "bad_gift_card").find("mistyped") !=
        std::string::npos);
  shop.c.refused({"gift", "claim", text.substr(0, 100)}, "bad_gift_card");
  shop.c.refused({"gift", "claim", shop.c.ok({"contacts", "card"}).at("card")}, "bad_gift_card");
  shop.b.refused({"gift", "card", shop.offer, "--out", "card.gif"}, "usage");

  Town elsewhere;
  Home& d = elsewhere.add_home("D");
  d.refused({"gift", "claim", text}, "other_ledger");
  d.refused({"contacts", "add", shop.c.ok({"contacts", "card"}).at("card")}, "other_ledger");
  CHECK(rows(d.ok({"contacts", "list"}), "contacts").empty());
  CHECK(shop.c.ok({"gift", "claim", text}).at("delivery") == true);
}

TEST_CASE("cards are taken from pictures, and each picture that is none has its sentence") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const fs::path qr = town.dir() / "a.png", photo = town.dir() / "photo.jpg";
  a.ok({"contacts", "card", "--qr", qr});
  const auto ffmpeg = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"ffmpeg", "-v", "error", "-nostdin"});
    const Outcome made = run(more);
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  };
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=1600x1200", "-i", qr, "-filter_complex",
          "[1:v]scale=800:800,format=rgba,rotate=0.2:c=none:ow=rotw(0.2):oh=roth(0.2)[q];"
          "[0:v][q]overlay=300:80",
          "-frames:v", "1", "-q:v", "6", photo});
  const Json added = b.ok({"contacts", "add", photo, "--as", "A of the photo"});
  CHECK(added.at("contacts").at(0).at("home") == a.ok({"id"}).at("home"));
  CHECK(b.daemon_log().find("zbarimg") == std::string::npos);

  const fs::path empty = town.dir() / "empty.jpg", two = town.dir() / "two.png";
  const fs::path other = town.dir() / "b.png", noise = town.make_file("noise.png", 5'000, 3);
  const fs::path huge = town.dir() / "huge.pdf", cut = town.dir() / "cut.jpg";
  b.ok({"contacts", "card", "--qr", other});
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=800x600", "-frames:v", "1", empty});
  ffmpeg({"-i", qr, "-i", other, "-filter_complex", "hstack", two});
  REQUIRE(hearth::write_file_atomic(cut, as_bytes("\xff\xd8\xff and nothing more"), 0600));
  {
    std::ofstream(huge) << "%PDF-1.7\n";
    fs::resize_file(huge, 40 << 20);
  }
  struct Row {
    fs::path file;
    const char* code;
    const char* says;
  };
  const Row cases[] = {{empty, "bad_card", "no QR code in empty.jpg"},
                       {two, "bad_card", "shows 2 QR codes"},
                       {noise, "bad_card", "neither a text nor a picture"},
                       {cut, "unsupported_media", "cannot be read"},
                       {huge, "too_large", "too large"},
                       {town.dir() / "none.png", "not_found", "There is no file"}};
  for (const Row& row : cases) {
    CAPTURE(row.file);
    CHECK(b.refused({"contacts", "add", row.file}, row.code).find(row.says) != std::string::npos);
    const std::string claim = b.refused({"gift", "claim", row.file}, row.code);
    CHECK(claim.find("Nothing was claimed") != std::string::npos);
  }
  // A code that is read and is another card than the one wanted.
  b.refused({"gift", "claim", qr}, "bad_gift_card");
}
