// The home's page against a real hearthd: what a strange site, a device in the same network and a
// phone of the home can and cannot do.
#include <doctest/doctest.h>

#include "tests/integration/page_home.h"

using namespace hearth::test;

namespace {

std::string secret_of(const Json& opened) {
  const std::string url = opened.at("url");
  return url.substr(url.find("#pair=") + 6);
}

}  // namespace

TEST_CASE("strange hosts are told nothing, whatever they ask for") {
  PageHome at;
  Browser phone = at.paired("owner");
  for (const char* host : {"evil.example", "evil.example:80", "192.0.2.7", "localhost.evil.example",
                           "[2001:db8::1]", "localhost@evil.example"}) {
    for (const char* path : {"/", "/healthz", "/api/session", "/assets/x.js"}) {
      const Answered answer = phone.get(path, {{"host", host}});
      CHECK(answer.status == 421);
      CHECK(answer.code() == "wrong_host");
      CHECK(answer.body.find("--allow-host") != std::string::npos);
      CHECK(answer.body.find("Linden") == std::string::npos);
      check_headers(answer);
    }
    const std::string origin = std::string("http://") + host;
    CHECK(phone.post("/api/status", "{}", {{"host", host}, {"origin", origin}}).status == 421);
    Answered upgrade;
    phone.watch(upgrade, {{"host", host}, {"origin", origin}});
    CHECK(upgrade.status == 421);
  }
  CHECK(phone.get("/", {{"host", ""}}).status == 421);
  const Answered page = phone.get("/", {{"host", "evil.example"}, {"accept", "text/html"}});
  CHECK(page.status == 421);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  // Two hosts in one request are none.
  hearth::net::RawSocket two(at.port());
  two.send_all("GET /healthz HTTP/1.1\r\nhost: evil.example\r\nhost: localhost\r\n\r\n");
  CHECK(parse_answer(two.read_until("\r\n\r\n")).status == 421);
  for (const char* host : {"localhost", "127.0.0.1:1", "hearth.home.arpa"}) {
    CHECK(phone.get("/healthz", {{"host", host}}).body == "ok");
  }
}

TEST_CASE("files: no path leads out, and nothing is sent twice") {
  PageHome at;
  Browser browser = at.browser();
  const Answered index = browser.get("/");
  CHECK(index.status == 200);
  CHECK(index.header("content-type") == "text/html; charset=utf-8");
  CHECK(index.header("cache-control") == "no-cache");
  check_headers(index);
  CHECK(browser.get("/gifts/71aa").body == index.body);
  const Answered again = browser.get("/", {{"if-none-match", index.header("etag")}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(browser.get("/", {{"if-none-match", "\"other\""}}).status == 200);
  for (const char* path : {"/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
                           "/assets/..%2f..%2fetc", "/assets/none.js", "/assets/"}) {
    const Answered answer = browser.get(path);
    CHECK_MESSAGE(answer.status == 404, path);
    CHECK(answer.body.find("root:") == std::string::npos);
    check_headers(answer);
  }
  for (const char* path : {"/../../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd"}) {
    CHECK_MESSAGE(browser.get(path).body == index.body, path);
  }
  const Answered head = browser.ask("HEAD /", {}, {{"host", browser.host()}});
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(browser.ask("POST /", "{}", {{"host", browser.host()}}).status == 404);
}

TEST_CASE("files of a folder, in the form that is asked for") {
  Town town;
  const fs::path root = town.dir() / "root";
  fs::create_directories(root / "assets");
  town.make_file("root/index.html", 100, 1);
  const fs::path script = town.make_file("root/assets/app-1.js", 100, 2);
  fs::create_symlink("/etc/passwd", root / "assets/passwd.txt");
  const std::uint16_t port = free_port();
  town.add_home("A",
                {"--listen", "127.0.0.1:" + std::to_string(port), "--web-root", root.string()});
  Browser browser(port);
  const Answered answer = browser.get("/assets/app-1.js");
  CHECK(answer.status == 200);
  CHECK(answer.body.size() == 100);
  CHECK(answer.header("content-type") == "text/javascript; charset=utf-8");
  CHECK(answer.header("cache-control").find("immutable") != std::string::npos);
  CHECK(browser.get("/assets/passwd.txt").status == 404);
  CHECK(browser.get("/assets/../../" + town.dir().filename().string()).status == 404);
}

TEST_CASE("the embedded page comes as br, gzip or as it is") {
  PageHome at;
  Browser browser = at.browser();
  const Answered raw = browser.get("/");
  CHECK(raw.header("content-encoding").empty());
  CHECK(raw.header("vary") == "accept-encoding");
  const Answered gzip = browser.get("/", {{"accept-encoding", "gzip"}});
  const Answered both = browser.get("/", {{"accept-encoding", "gzip, br"}});
  CHECK(gzip.header("content-encoding") == "gzip");
  CHECK(both.header("content-encoding") == "br");
  CHECK(gzip.body.starts_with("\x1f\x8b"));
  CHECK(gzip.body.size() < raw.body.size());
  CHECK(both.body.size() < raw.body.size());
  CHECK(gzip.header("etag") == raw.header("etag"));
}

TEST_CASE("pairing: a code or the secret, once, five tries, and a throttle for all") {
  PageHome at;
  Browser phone = at.browser();
  CHECK(phone.get("/api/session").code() == "no_session");
  CHECK(phone.get("/api/session").body.find("Linden") == std::string::npos);
  CHECK(phone.pair({{"code", "ABCD-EFGH"}}).code() == "pairing_closed");

  const Json opened = at.home().ok({"pair", "--as", "owner"});
  CHECK(opened.at("url").get<std::string>().starts_with("http://hearth.home.arpa:"));
  const Answered paired = phone.pair({{"secret", secret_of(opened)}}, "Anna's phone");
  REQUIRE(paired.status == 200);
  CHECK(paired.json().at("home") == "Linden Street");
  CHECK(paired.json().at("role") == "owner");
  CHECK(paired.json().at("phone").at("name") == "Anna's phone");
  const std::string cookie = paired.header("set-cookie");
  CHECK(cookie.starts_with("hearth_"));
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    CHECK(cookie.find(part) != std::string::npos);
  }
  CHECK(phone.get("/api/session").json().at("address") == at.home().ok({"id"}).at("home"));

  Browser other = at.browser();
  CHECK(other.pair({{"secret", secret_of(opened)}}).code() == "pairing_closed");
  const Json second = at.home().ok({"pair"});
  for (int i = 0; i < 5; ++i) CHECK(other.pair({{"code", "AAAA-AAAA"}}).code() == "wrong_code");
  CHECK(other.pair({{"code", second.at("code")}}).code() == "pairing_closed");
  // Ten at once, then one in five seconds: of everybody together.
  at.home().ok({"pair"});
  Answered last;
  for (int i = 0; i < 10 && last.status != 429; ++i) last = other.pair({{"code", "BBBB-BBBB"}});
  CHECK(last.code() == "rate_limited");
  CHECK_FALSE(last.header("retry-after").empty());
  CHECK(at.home().ok({"phones", "close"}).at("closed").is_boolean());
  CHECK(at.home().ok({"phones", "close"}).at("closed") == false);
}

TEST_CASE("a phone's name is checked, and a try without one costs none") {
  PageHome at;
  Browser phone = at.browser();
  const Json opened = at.home().ok({"pair"});
  for (const char* name : {"", " x", "a/b", "\u202eevil"}) {
    CHECK(phone.pair({{"code", opened.at("code")}}, name).status == 400);
  }
  CHECK(phone.pair({{"code", opened.at("code")}, {"secret", "x"}}).status == 400);
  CHECK(phone.post("/api/pair", "[]").status == 400);
  CHECK(phone.post("/api/pair", "{\"code\":").status == 400);
  const Answered paired = phone.pair({{"code", opened.at("code")}}, "Lap<b>top \u2603");
  REQUIRE(paired.status == 200);
  CHECK(paired.json().at("phone").at("name") == "Lap<b>top \u2603");
}

TEST_CASE("writes come from the page itself, or not at all") {
  PageHome at;
  Browser phone = at.paired("owner");
  REQUIRE(phone.command("contacts-card").status == 200);
  const std::vector<std::pair<const char*, const char*>> wrong = {
      {"origin", ""},
      {"origin", "null"},
      {"origin", "http://evil.example"},
      {"origin", "http://localhost"},
      {"x-hearth", ""},
      {"x-hearth", "0"},
      {"content-type", ""},
      {"content-type", "text/plain"},
      {"content-type", "application/x-www-form-urlencoded"},
      {"content-type", "multipart/form-data"}};
  for (const auto& [name, value] : wrong) {
    for (const char* path : {"/api/stop", "/api/pair", "/api/leave", "/api/no-such"}) {
      const Answered answer = phone.post(path, "{}", {{name, value}});
      CHECK_MESSAGE(answer.status == 403, name, " ", value, " ", path);
      CHECK(answer.code() == "forbidden_origin");
    }
  }
  CHECK(phone.get("/api/session").status == 200);
  for (const char* line :
       {"OPTIONS /api/stop", "PUT /api/stop", "GET /api/stop", "DELETE /api/x"}) {
    const Answered answer = phone.ask(
        line, {}, {{"host", phone.host()}, {"cookie", phone.cookie()}, {"origin", "http://evil"}});
    CHECK_MESSAGE(answer.status == 404, line);
    check_headers(answer);
  }
}

TEST_CASE("without a session nothing of the home is answered") {
  PageHome at;
  Browser stranger = at.browser();
  const std::string good = at.paired("member").cookie();
  const std::string name = good.substr(0, good.find('='));
  for (const std::string& cookie :
       {std::string(), name + "=", name + "=AAAA", name + "=" + std::string(43, 'A'),
        "hearth_00000000=" + good.substr(good.find('=') + 1), good + "; " + good,
        good.substr(0, good.size() - 1)}) {
    stranger.use_cookie(cookie);
    for (const char* path :
         {"/api/session", "/api/jobs/0011223344556677", "/api/picture/0011", "/api/poster/0011"}) {
      const Answered answer = stranger.get(path);
      CHECK_MESSAGE(answer.status == 401, cookie, " ", path);
      CHECK(answer.code() == "no_session");
      check_headers(answer);
    }
    CHECK(stranger.command("status").code() == "no_session");
    CHECK(stranger.command("no-such-command").code() == "no_session");
    Answered upgrade;
    stranger.watch(upgrade);
    CHECK(upgrade.status == 401);
  }
  stranger.use_cookie(good);
  CHECK(stranger.command("status").status == 200);
}

TEST_CASE("bodies and headers are bounded") {
  PageHome at;
  Browser phone = at.paired("owner");
  const Answered large = phone.post("/api/gift-list", std::string(65 * 1024, ' '));
  CHECK(large.status == 413);
  check_headers(large);
  CHECK(phone.get("/" + std::string(20'000, 'a')).status == 431);
  CHECK(phone.post("/api/gift-list", "[1]").status == 400);
  CHECK(phone.post("/api/gift-list", "{\"a\":1.5}").status == 400);
}

TEST_CASE("roles, and what a child's phone sees") {
  PageHome at;
  at.home().ok({"library", "add", at.town().make_file("forever.bin", 1'000, 1).string()});
  at.home().ok({"library", "add", at.town().make_file("grown-up.bin", 1'000, 2).string()});
  at.home().ok({"publish", "forever.bin", "--price", "1.00 EUR"});
  at.home().ok({"publish", "grown-up.bin", "--price", "1.00 EUR", "--min-age", "16"});
  at.home().ok({"profile", "add", "Tim", "--max-age", "12"});
  at.home().refused({"pair", "--as", "child"}, "usage");
  at.home().refused({"pair", "--as", "owner", "--profile", "Tim"}, "usage");
  at.home().refused({"pair", "--as", "child", "--profile", "Nobody"}, "not_found");
  Browser owner = at.paired("owner"), member = at.paired("member"),
          child = at.paired("child", "Tim");
  CHECK(child.get("/api/session").json().at("profile") == "Tim");
  const auto titles = [](Browser& phone) {
    return rows(phone.command("library-list").json(), "titles").size();
  };
  CHECK(titles(owner) == 2);
  CHECK(titles(member) == 2);
  CHECK(titles(child) == 1);
  CHECK(rows(child.command("catalogue").json(), "offers").size() == 1);
  CHECK(rows(member.command("catalogue").json(), "offers").size() == 2);
  CHECK(child.command("play", {{"title", "grown-up.bin"}}).code() == "rule_refused");
  at.home().ok({"profile", "remove", "Tim"});
  CHECK(titles(child) == 1);  // the one for all ages

  struct Row {
    const char* command;
    bool owner, member, child;
  };
  const Row table[] = {
      {"status", true, true, true},          {"contacts-list", true, true, true},
      {"wallet-balance", true, true, false}, {"rules-show", true, true, false},
      {"transfers", true, true, false},      {"phones-list", true, false, false},
      {"guide", true, true, true},           {"channel-list", true, true, false},
      {"channel-edit", true, true, false},   {"directory-clear", true, false, false},
      {"wallet-seed", false, false, false},  {"wallet-alarm-accept", false, false, false},
      {"library-add", false, false, false},  {"no-such-command", false, false, false}};
  for (const Row& row : table) {
    const auto refused = [&](Browser& phone) {
      const Answered answer = phone.command(row.command);
      return answer.status == 403 && answer.code() == "not_allowed";
    };
    CHECK_MESSAGE(refused(owner) == !row.owner, row.command);
    CHECK_MESSAGE(refused(member) == !row.member, row.command);
    CHECK_MESSAGE(refused(child) == !row.child, row.command);
  }
  CHECK(child.get("/api/jobs/0011223344556677").code() == "not_allowed");
  CHECK(owner.get("/api/jobs/0011223344556677").code() == "not_found");
  const Answered picture = owner.command(
      "gift-send", {{"what", "forever.bin"}, {"to", "B"}, {"picture", "/etc/passwd"}});
  CHECK(picture.code() == "not_allowed");
}

TEST_CASE("sessions outlive a restart; what is removed is gone at once, open pages included") {
  PageHome at;
  Browser phone = at.paired("member"), owner = at.paired("owner");
  at.home().daemon().kill9();
  at.home().start();
  CHECK(phone.get("/api/session").status == 200);

  Answered upgrade;
  const auto socket = phone.watch(upgrade);
  REQUIRE(upgrade.status == 101);
  Answered foreign;
  phone.watch(foreign, {{"origin", "http://evil.example"}});
  CHECK(foreign.status == 403);
  at.home().ok({"rules", "set", "max-age", "12"});
  CHECK(socket->read_until("rules").find("rules") != std::string::npos);

  const std::string id = phone.get("/api/session").json().at("phone").at("id");
  CHECK(owner.command("phones-rename", {{"phone", id}, {"as", "Tablet"}}).status == 200);
  CHECK(owner.command("phones-remove", {{"phone", "Tablet"}}).status == 200);
  socket->read_all();
  CHECK(socket->closed());
  CHECK(phone.get("/api/session").code() == "no_session");
  CHECK(rows(at.home().ok({"phones", "list"}), "phones").size() == 1);

  CHECK(owner.post("/api/leave", "{}").status == 200);
  CHECK(owner.get("/api/session").code() == "no_session");
  at.home().refused({"phones", "remove", "Tablet"}, "not_found");
}

TEST_CASE("posters and pictures of other homes are encoded anew, for whom they are") {
  PageHome at;
  Home& giver = at.town().add_home("B");
  at.town().befriend(at.home(), giver);
  const fs::path picture = at.town().dir() / "lake.png";
  REQUIRE(run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "mandelbrot=size=800x600", "-frames:v",
               "1", picture.string()})
              .exit_code == 0);
  const Json published = at.town().publish(giver, picture, "1.00 EUR", {"--min-age", "12"});
  at.town().deposit(giver, "5.00 EUR", "test");
  giver.ok({"gift", "send", "lake.png", "--to", "Linden Street", "--picture", picture.string()});
  at.home().ok({"profile", "add", "Tim", "--max-age", "6"});
  Browser member = at.paired("member"), child = at.paired("child", "Tim");

  const std::string poster = "/api/poster/" + published.at("offer").get<std::string>();
  const Answered made = member.get(poster);
  CHECK(made.status == 200);
  CHECK(made.header("content-type") == "image/jpeg");
  CHECK(made.body.starts_with("\xff\xd8"));
  check_headers(made);
  CHECK(member.get(poster, {{"if-none-match", made.header("etag")}}).status == 304);
  CHECK(child.get(poster).code() == "rule_refused");
  CHECK(member.get("/api/poster/" + std::string(64, 'a')).status == 404);
  CHECK(member.get("/api/poster/00ff").code() == "usage");

  eventually("the gift waits", 60,
             [&] { return !gift(at.home(), "received", "lake.png").is_null(); });
  const std::string id = gift(at.home(), "received", "lake.png").at("gift");
  const Answered sent = member.get("/api/picture/" + id);
  CHECK(sent.status == 200);
  CHECK(sent.body.starts_with("\xff\xd8"));
  CHECK(child.get("/api/picture/" + id).code() == "rule_refused");
  CHECK(member.get("/api/picture/0000").status == 404);
}
