// Channels over the home's page: made, changed by two people at once, taken back, sent as files;
// what a child's phone is told of the guide; cards in photos, and what is not even read.
#include <doctest/doctest.h>

#include "common/base/bytes.h"
#include "common/base/files.h"
#include "tests/integration/page_home.h"

using namespace hearth::test;

namespace {

std::string add_own(PageHome& at, const std::string& name, unsigned seed,
                    const std::vector<std::string>& more = {"--private"}) {
  at.home().ok({"library", "add", at.town().make_file(name, 20'000, seed).string()});
  std::vector<std::string> words{"publish", name};
  words.insert(words.end(), more.begin(), more.end());
  return at.home().ok(words).at("title");
}

Json shown(Browser& phone, const std::string& channel) {
  return phone.command("channel-show", {{"channel", channel}}).json().at("document");
}

Json edit_of(const std::string& channel, std::int64_t version, Json change) {
  return {
      {"channel", channel}, {"version", version}, {"changes", Json::array({std::move(change)})}};
}

std::string file_text(const fs::path& path) {
  const auto bytes = hearth::read_file(path, 8 * 1024 * 1024);
  REQUIRE(bytes.has_value());
  return std::string(hearth::as_text(*bytes));
}

Answered photo(Browser& phone, const std::string& bytes) {
  return phone.command("card-picture", {{"picture", hearth::to_base64url(hearth::as_bytes(bytes))},
                                        {"name", "photo.png"}});
}

}  // namespace

TEST_CASE("a channel is made of titles, changed by two at once, and taken back") {
  PageHome at;
  const std::string one = add_own(at, "one.bin", 1), two = add_own(at, "two.bin", 2);
  Browser phone = at.paired("member"), other = at.paired("owner");
  const Json made =
      phone.command("channel-create", {{"name", "Evening"}, {"what", {one, two}}}).json();
  CHECK(made.at("items") == 2);
  CHECK(made.at("number") == 1);
  CHECK(made.at("on").at("name") == "one.bin");
  const std::string id = made.at("channel");
  // Nothing of it is made when one of the titles is not there.
  const Answered refused =
      phone.command("channel-create", {{"name", "Night"}, {"what", {one, std::string(64, 'a')}}});
  CHECK(refused.status >= 400);
  CHECK(rows(phone.command("channel-list").json(), "channels").size() == 1);

  const Json rename = {{"change", "set_channel"}, {"members", {{"name", "Late evening"}}}};
  Json dry =
      edit_of(id, 1, {{"change", "move_item"}, {"item", "i2"}, {"list", "main"}, {"before", "i1"}});
  dry["dry_run"] = true;
  const Json tried = phone.command("channel-edit", dry).json();
  CHECK(tried.at("dry_run") == true);
  CHECK(tried.at("version") == 2);
  CHECK_FALSE(tried.at("fresh").empty());
  CHECK(shown(phone, id).at("version") == 1);

  REQUIRE(other.command("channel-edit", edit_of(id, 1, rename)).status == 200);
  dry.erase("dry_run");
  const Answered late = phone.command("channel-edit", dry);
  CHECK(late.status == 409);
  CHECK(late.code() == "changed_meanwhile");
  dry["version"] = 2;
  REQUIRE(phone.command("channel-edit", dry).status == 200);
  CHECK(shown(phone, id).at("name") == "Late evening");
  CHECK(shown(phone, id).at("lists").at(0).at("items").at(0).at("id") == "i2");
  CHECK(rows(phone.command("channel-versions", {{"channel", id}}).json(), "versions").size() == 3);
  CHECK(phone.command("channel-undo", {{"channel", id}, {"version", 2}}).code() ==
        "changed_meanwhile");
  REQUIRE(phone.command("channel-undo", {{"channel", id}, {"version", 3}}).status == 200);
  CHECK(shown(phone, id).at("lists").at(0).at("items").at(0).at("id") == "i1");

  const std::string text = phone.command("channel-export", {{"channel", id}}).json().at("text");
  const Json copy = phone.command("channel-import", {{"text", text}, {"name", "Copy"}}).json();
  CHECK(copy.at("items") == 2);
  CHECK(copy.at("number") == 2);
  CHECK(phone.command("channel-import", {{"text", std::string(100'000, 'x')}}).status == 400);
  CHECK(other.command("channel-delete", {{"channel", "2"}, {"version", 1}}).status == 200);
  CHECK(phone.command("tune", {{"channel", id}}).code() == "no_player");
}

TEST_CASE(
    "what is named is added whole, also what another home sells; the guide says what it costs") {
  PageHome at;
  Home& seller = at.town().add_home("Seller");
  const std::string offer =
      at.town().publish(seller, at.town().make_file("film.bin", 30'000, 5), "3.50 EUR").at("offer");
  const std::string own = add_own(at, "own.bin", 6);
  Browser phone = at.paired("member");
  const std::string id = phone.command("channel-create", {{"name", "Films"}}).json().at("channel");
  const Json items = {{{"id", "a"}, {"what", offer}}, {{"what", own}, {"length_ms", 90'000}}};
  const Answered edited =
      phone.command("channel-edit",
                    edit_of(id, 1, {{"change", "add_items"}, {"list", "main"}, {"items", items}}));
  REQUIRE_MESSAGE(edited.status == 200, edited.body);
  const Json kept = shown(phone, id).at("lists").at(0).at("items");
  CHECK(kept.at(0).at("id") == "a");
  CHECK(kept.at(0).at("kind") == "offer");
  CHECK(kept.at(0).at("name") == "film.bin");
  CHECK(kept.at(0).at("length_ms") == 60'000);
  CHECK(kept.at(1).at("kind") == "title");
  CHECK(kept.at(1).at("length_ms") == 90'000);

  const Json guide = phone.command("guide", {{"details", true}}).json();
  CHECK(guide.at("channels") == 1);
  bool saw_offer = false, saw_own = false;
  for (const Json& one : guide.at("rows").at(0).at("programmes")) {
    if (one.value("media", "") == offer) {
      CHECK(one.at("source") == "for_sale");
      CHECK(one.at("price").at("minor") == 350);
      saw_offer = true;
    }
    if (one.value("media", "") == own) {
      CHECK(one.at("source") == "own");
      CHECK(one.at("title") == own);
      CHECK(one.at("length_ms") == 90'000);
      saw_own = true;
    }
  }
  CHECK(saw_offer);
  CHECK(saw_own);
  phone.command("channel-create", {{"name", "More"}});
  const Json page = phone.command("guide", {{"first", 1}, {"count", 1}}).json();
  CHECK(page.at("channels") == 2);
  CHECK(page.at("rows").size() == 1);
  CHECK(page.at("rows").at(0).at("name") == "More");
}

TEST_CASE("a child's phone reads the guide within its rating, and turns the TV") {
  PageHome at;
  const std::string all = add_own(at, "forever.bin", 1, {"--price", "0 EUR"});
  const std::string adult = add_own(at, "grown-up.bin", 2, {"--price", "0 EUR", "--min-age", "16"});
  at.home().ok({"profile", "add", "Tim", "--max-age", "12"});
  Browser owner = at.paired("owner"), child = at.paired("child", "Tim");
  REQUIRE(owner.command("channel-create", {{"name", "Evening"}, {"what", {all, adult}}}).status ==
          200);
  const auto count = [&](Browser& phone, bool details, const char* name) {
    std::size_t locked = 0, named = 0;
    const Json guide = phone.command("guide", {{"details", details}}).json();
    for (const Json& one : guide.at("rows").at(0).at("programmes")) {
      if (one.value("locked", false)) ++locked;
      if (one.at("name") == name) ++named;
    }
    return std::pair(locked, named);
  };
  CHECK(count(owner, false, "grown-up.bin").first == 0);
  CHECK(count(owner, false, "grown-up.bin").second > 0);
  for (const bool details : {false, true}) {
    CHECK(count(child, details, "grown-up.bin").first > 0);
    CHECK(count(child, details, "grown-up.bin").second == 0);
    CHECK(count(child, details, "forever.bin").second > 0);
    const std::string body = child.command("guide", {{"details", details}}).body;
    CHECK(body.find("grown-up") == std::string::npos);
    CHECK(body.find(adult) == std::string::npos);
  }
  at.home().ok({"profile", "remove", "Tim"});
  CHECK(count(child, false, "forever.bin").second > 0);
  CHECK(child.command("tune", {{"channel", "1"}}).code() == "no_player");
  for (const char* command : {"channel-list", "channel-show", "channel-edit", "channel-import"})
    CHECK(child.command(command, {{"channel", "1"}}).code() == "not_allowed");
}

TEST_CASE("a card is read from a photo, and from nothing else") {
  PageHome at;
  Home& friends = at.town().add_home("Friends");
  const fs::path file = at.town().dir() / "card.png";
  const std::string card = friends.ok({"contacts", "card", "--qr", file.string()}).at("card");
  at.home().ok({"profile", "add", "Tim"});
  Browser phone = at.paired("member"), child = at.paired("child", "Tim");
  const std::string png = file_text(file);
  const Answered read = photo(phone, png);
  REQUIRE_MESSAGE(read.status == 200, read.body);
  CHECK(read.json().at("text") == card);
  CHECK(photo(child, png).code() == "not_allowed");

  CHECK(photo(phone, "not a picture at all").code() == "unsupported_media");
  CHECK(photo(phone, png.substr(0, 60)).code() == "unsupported_media");
  CHECK(photo(phone, "").code() == "unsupported_media");
  const fs::path plain = at.town().dir() / "plain.png";
  REQUIRE(run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=gray:s=300x300", "-frames:v",
               "1", plain.string()})
              .exit_code == 0);
  const Answered nothing = photo(phone, file_text(plain));
  CHECK(nothing.code() == "bad_card");
  CHECK(nothing.body.find("photo.png") != std::string::npos);
  CHECK(photo(phone, std::string(4'200'000, 'x')).status >= 400);
  CHECK(phone.get("/api/session").status == 200);
}

TEST_CASE("a large body is read of whoever may send it, and of nobody else") {
  PageHome at;
  at.home().ok({"profile", "add", "Tim"});
  Browser stranger = at.browser(), member = at.paired("member"), child = at.paired("child", "Tim");
  // Only the head is sent: an answer means that the body was not waited for.
  const auto announce = [&](const Browser& phone, const char* path, std::size_t bytes,
                            const std::string& origin) {
    hearth::net::RawSocket socket(at.port());
    socket.send_all(std::string("POST ") + path + " HTTP/1.1\r\nhost: " + phone.host() +
                    "\r\norigin: " + origin + "\r\nx-hearth: 1\r\ncookie: " + phone.cookie() +
                    "\r\ncontent-type: application/json\r\ncontent-length: " +
                    std::to_string(bytes) + "\r\n\r\n");
    return parse_answer(socket.read_all());
  };
  const std::string own = member.origin();
  for (const char* path : {"/api/card-picture", "/api/channel-import"}) {
    const Answered unknown = announce(stranger, path, 3'000'000, own);
    CHECK(unknown.status == 401);
    check_headers(unknown);
    CHECK(announce(child, path, 3'000'000, own).status == 403);
    CHECK(announce(member, path, 3'000'000, "http://evil.example").status == 403);
    CHECK(announce(member, path, 9'000'000, own).status == 413);
  }
  CHECK(announce(member, "/api/gift-list", 70'000, own).status == 413);
}
