// docs/protocol-examples.md §8 to §12 and §18: requests, answers, events and frames, read as their
// receivers read them.
#include <algorithm>
#include <charconv>

#include <doctest/doctest.h>

#include "common/link/frames.h"
#include "common/link/messages.h"
#include "common/wire/document_fields.h"
#include "node/television/channel_file.h"
#include "tests/unit/common/protocol_examples.h"

namespace hearth::examples {
namespace {

const Document& doc() {
  static const Document document = Document::load();
  return document;
}

template <class T>
T good(Result<T> result) {
  REQUIRE_MESSAGE(result, (result ? "" : result.error().sentence));
  return std::move(*result);
}

wire::Json json(const std::string& name) {
  return good(wire::parse_json(as_bytes(doc().block(name)), 64 * 1024));
}

/// The payload of a request of §8, signed by `signer`.
wire::Json request(const std::string& name, const std::string& type,
                   const crypto::SignPublicKey& signer) {
  auto payload = good(wire::verify_jws_from(doc().block(name), type, signer)).payload;
  CHECK(wire::check_fresh(payload, World::now));
  CHECK(!wire::check_fresh(payload, World::now + wire::request_freshness_ms + 10'000));
  return payload;
}

identity::ContactCard buyer() {
  return good(identity::parse_contact_card(doc().block("contact card")));
}
wire::Offer offer() {
  return good(wire::read_offer(doc().block("offer")));
}

/// Just enough of BEP 3 to tell whether an answer is well-formed: nullopt when it is not.
/// Leaves the top dictionary's members, each with its raw value, in `members`.
class Bencode {
 public:
  explicit Bencode(std::string text) : text_(std::move(text)) {}
  bool whole() { return value(0) && at_ == text_.size(); }
  std::map<std::string, std::string> members;

 private:
  bool starts(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool number(char end) {
    const std::size_t stop = text_.find(end, at_);
    std::uint64_t parsed = 0;
    if (stop == std::string::npos) return false;
    const auto [last, error] = std::from_chars(text_.data() + at_, text_.data() + stop, parsed);
    if (error != std::errc() || last != text_.data() + stop) return false;
    at_ = stop + 1;
    number_ = parsed;
    return true;
  }
  bool text() {
    if (!number(':') || number_ > text_.size() - at_) return false;
    at_ += number_;
    return true;
  }
  bool dictionary(int depth) {
    std::string before;
    for (++at_; !starts('e');) {
      if (!text()) return false;
      const std::string key = text_.substr(at_ - number_, number_);
      if (!before.empty() && key <= before) return false;
      before = key;
      const std::size_t begin = at_;
      if (!value(depth + 1)) return false;
      if (depth == 0) members[key] = text_.substr(begin, at_ - begin);
    }
    ++at_;
    return true;
  }
  bool value(int depth) {
    if (depth > 8) return false;
    if (starts('d')) return dictionary(depth);
    if (!starts('i')) return text();
    ++at_;
    return number('e');
  }

  std::string text_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

std::map<std::string, std::string> bencoded(const std::string& text) {
  Bencode reader(text);
  REQUIRE(reader.whole());
  return reader.members;
}

/// The percent-decoded value of a parameter of a request line, in hex.
std::string hex_parameter(const std::string& line, const std::string& name) {
  const std::size_t begin = line.find(name + "=");
  REQUIRE(begin != std::string::npos);
  const std::string text = line.substr(begin + name.size() + 1);
  std::string out;
  for (std::size_t i = 0; i < text.size() && text[i] != '&' && text[i] != ' '; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const bool coded = text[i] == '%';
    out += coded ? text.substr(i + 1, 2) : to_hex(ByteView(&byte, 1));
    if (coded) i += 2;
  }
  return to_hex(from_hex(out).value_or(Bytes()));
}

Bytes bytes_of(const std::string& name) {
  const auto bytes = from_hex(doc().block(name));
  REQUIRE_MESSAGE(bytes, name);
  return *bytes;
}

link::Frame only_frame(const std::string& name) {
  link::FrameDecoder decoder;
  decoder.push(bytes_of(name));
  auto frame = good(decoder.next());
  REQUIRE(frame);
  CHECK(!good(decoder.next()));
  return std::move(*frame);
}

TEST_CASE("§8: an operator's order") {
  const auto key = crypto::SignKey::from_seed(crypto::Seed(counting<32>(0x10)));
  const wire::Json order = request("operator order", "hearth/operator/1", key.public_key());
  CHECK(order.at("command") == "deposit");
  const auto ledger = crypto::SignKey::from_seed(crypto::Seed(counting<32>(0x60)));
  CHECK(order.at("ledger") == to_base64url(ledger.public_key()));
  CHECK(order.at("args").at("home") == buyer().home.text());
  CHECK(order.at("request_id").get<std::string>().size() == 32);
}

TEST_CASE("§8: home and statement") {
  const auto home = request("home", "hearth/home/1", buyer().home.key);
  wire::Fields fields(home, "request");
  CHECK(wire::home_field(fields, "home") == buyer().home);
  CHECK(wire::name_field(fields, "name") == "Anna & Ben");
  CHECK(fields.ok());
  const auto opened = json("home answer");
  CHECK(opened.at("account") == "wallet/" + buyer().home.text() + "/EUR");

  const auto statement = request("statement", "hearth/statement/1", buyer().home.key);
  wire::Fields asked(statement, "request");
  CHECK(wire::home_field(asked, "home") == buyer().home);
  CHECK(asked.integer("after", 0, 1'000) == 0);
  CHECK(asked.integer("limit", 1, 200) == 200);
  CHECK(asked.ok());
  // The balance is the sum of the entries, and what the receipt says.
  const auto answer = json("statement answer");
  std::int64_t sum = 0;
  for (const auto& entry : answer.at("entries")) {
    wire::Fields one(entry, "entry");
    const auto amount = wire::money_field(one, "amount");
    CHECK(!one.required_text("kind", 20).empty());
    CHECK(wire::time_field(one, "at_ms") >= World::now);
    REQUIRE((one.ok() && amount));
    sum += amount->minor;
  }
  CHECK(answer.at("balances").at(0).at("minor") == sum);
  CHECK(json("receipt payload").at("balance_after") == answer.at("balances").at(0));
  CHECK(json("receipt payload").at("journal_index") == answer.at("entries").at(1).at("index"));
}

TEST_CASE("§8: torrents, offers, sources, mirror") {
  const auto payload = request("announcement", "hearth/torrent/1", offer().seller().key);
  const auto registration = json("torrent registration");
  wire::Fields fields(registration, "torrent registration");
  CHECK(fields.required_text("announcement", 4096) == doc().block("announcement"));
  const Bytes torrent = fields.base64url("torrent", 4 << 20);
  CHECK(fields.ok());
  CHECK(payload.at("torrent_sha256") == to_hex(crypto::sha256(torrent)));
  CHECK(payload.at("info_hash") == to_hex(offer().manifest.info_hash));
  CHECK(doc().block("torrent").ends_with("torrent file = " + to_hex(torrent)));
  const auto members = bencoded(std::string(as_text(torrent)));
  CHECK(to_hex(crypto::sha256(as_bytes(members.at("info")))) == to_hex(offer().manifest.title));
  CHECK(json("torrent registration answer").at("info_hash") == payload.at("info_hash"));

  const auto upload = json("offer registration");
  wire::Fields offered(upload, "offer registration");
  CHECK(offered.required_text("offer", 160 * 1024) == doc().block("offer"));
  CHECK(as_text(offered.base64url("sealed_key", crypto::age::max_header)) ==
        doc().block("sealed key") + "\n");
  CHECK(offered.ok());
  CHECK(json("offer registration answer").at("offer") == doc().block("offer id"));

  const auto page = json("catalogue page");
  CHECK(page.at("offers").at(0).at("id") == doc().block("offer id"));
  CHECK(page.at("offers").at(0).at("offer") == doc().block("offer"));
  CHECK(page.at("next") == "");
  CHECK(json("sources").at("complete") == page.at("offers").at(0).at("complete_sources"));
  const auto event = json("mirror event");
  CHECK(event.at("info_hash") == payload.at("info_hash"));
  CHECK(event.at("size") == crypto::age::payload_size(offer().manifest.size));
}

TEST_CASE("§8: mailboxes") {
  const auto card = buyer();
  const std::string mailbox = to_base64url(card.mailbox);
  const auto definition = request("mailbox", "hearth/mailbox/1", card.mailbox);
  CHECK(definition.at("mailbox") == mailbox);
  CHECK(definition.at("drop_tokens") ==
        wire::Json::array({to_hex(crypto::sha256(card.drop_token))}));

  const std::string headers = doc().block("drop request") + "\n";
  const Bytes drop = from_base64url(doc().block("drop")).value_or(Bytes());
  for (const std::string& line : {"POST /v1/mailboxes/" + mailbox + "/drops HTTP/1.1",
                                  "Hearth-Drop-Token: " + to_base64url(card.drop_token),
                                  "Content-Length: " + std::to_string(drop.size())}) {
    CHECK_MESSAGE(headers.find(line + "\n") != std::string::npos, line);
  }
  const std::string key_header = "Idempotency-Key: ";
  const std::string key = headers.substr(headers.find(key_header) + key_header.size(), 33);
  CHECK((key.ends_with("\n") && from_hex(key.substr(0, 32))));

  const auto hello = json("mailbox challenge");
  const auto open = request("mailbox open", "hearth/mailbox-open/1", card.mailbox);
  CHECK(open.at("mailbox") == mailbox);
  CHECK(open.at("challenge") == hello.at("challenge"));
  CHECK(open.at("after") == 0);
  const auto event = json("mailbox event");
  CHECK(event.at("drop") == doc().block("drop"));
  CHECK(event.at("sequence") == json("drop answer").at("sequence"));
  CHECK(json("mailbox acknowledgement").at("ack") == event.at("sequence"));
  CHECK(request("notebook request", "hearth/notebook/1", card.mailbox).at("mailbox") == mailbox);
}

TEST_CASE("§8: a problem document") {
  const Error error = wire::read_problem(as_bytes(doc().block("problem")), 402);
  CHECK(error.code == Code::insufficient_funds);
  CHECK(wire::write_problem(error) == doc().block("problem"));
  CHECK(json("problem").at("status") == code_http_status(error.code));
}

TEST_CASE("§10: announce and scrape") {
  const std::string hash = hex_parameter(doc().block("announce"), "info_hash");
  CHECK(hash == to_hex(offer().manifest.info_hash));
  CHECK(hex_parameter(doc().block("announce"), "peer_id").size() == 40);
  CHECK(hex_parameter(doc().block("scrape"), "info_hash") == hash);
  const auto left = std::to_string(crypto::age::payload_size(offer().manifest.size));
  CHECK(doc().block("announce").find("&left=" + left + "&") != std::string::npos);

  const auto answer = bencoded(std::string(as_text(bytes_of("announce answer"))));
  CHECK(answer.at("interval") == "i30e");
  CHECK(answer.at("peers").size() == 2 + 6);
  CHECK(answer.at("peers6") == "0:");
  CHECK(bencoded(doc().block("announce refusal")).contains("failure reason"));
  const auto scraped = bencoded(std::string(as_text(bytes_of("scrape answer"))));
  const auto files = bencoded(scraped.at("files"));
  CHECK(files.contains(std::string(as_text(offer().manifest.info_hash))));
}

TEST_CASE("§11: orders and events") {
  const auto orders = lines_of(doc().block("orders"));
  for (const auto& text : orders) {
    CHECK(link::encode(good(link::decode_order(as_bytes(text)))) == text);
  }
  for (const auto& text : lines_of(doc().block("events"))) {
    CHECK(link::encode(good(link::decode_event(as_bytes(text)))) == text);
  }
  const auto play = std::get<link::Play>(good(link::decode_order(as_bytes(orders.at(0)))));
  CHECK(play.stream == to_hex(offer().manifest.title));
  CHECK(play.size == offer().manifest.size);
}

TEST_CASE("§11: frames and streams") {
  const auto hello = good(link::decode_hello(as_bytes(doc().block("control hello"))));
  CHECK(hello.control);
  const auto framed = only_frame("json frame");
  CHECK(framed.type == link::FrameType::json);
  CHECK(as_text(framed.body) == doc().block("control hello"));
  CHECK(link::encode_frame(framed.type, framed.body) == bytes_of("json frame"));

  const auto lines = lines_of(doc().block("stream messages"));
  const auto stream = good(link::decode_hello(as_bytes(lines.at(0))));
  CHECK(!stream.control);
  CHECK(stream.stream == to_hex(offer().manifest.title));
  const auto opened = good(link::decode_stream_opened(as_bytes(lines.at(1))));
  CHECK((opened.ok && opened.size == offer().manifest.size));
  const auto refused = good(link::decode_stream_opened(as_bytes(lines.at(2))));
  CHECK((!refused.ok && !refused.sentence.empty()));

  const auto read = good(link::decode_read_request(as_bytes(lines.at(3))));
  const auto bytes = only_frame("bytes frame");
  CHECK(bytes.type == link::FrameType::bytes);
  REQUIRE(bytes.body.size() == 1 + read.length);
  CHECK(bytes.body.front() == link::read_ok);
  const std::string title = doc().block("title");
  const std::string plain = title.substr(std::string("plaintext = ").size(), 2 * opened.size);
  CHECK(to_hex(ByteView(bytes.body).subspan(1)) == plain.substr(2 * read.offset, 2 * read.length));
  const auto failed = only_frame("failed read frame");
  CHECK((failed.body.size() > 1 && failed.body.front() == link::read_failed));
}

TEST_CASE("§12: commands and jobs") {
  CHECK(json("api request").at("offer") == offer().manifest.name);
  const auto answer = json("api answer");
  CHECK(answer.at("offer") == doc().block("offer id"));
  CHECK(answer.at("request") == json("purchase payload").at("request_id"));
  const std::string input = "private input = " + answer.at("voucher").get<std::string>();
  CHECK(doc().block("voucher parts").find(input) != std::string::npos);
  const auto jobs = lines_of(doc().block("jobs"));
  REQUIRE(jobs.size() == 4);
  const auto job = [&](std::size_t i) {
    return good(wire::parse_json(as_bytes(jobs[i]), 64 * 1024));
  };
  const std::pair<const char*, const char*> rows[] = {
      {"running", "step"}, {"done", "result"}, {"failed", "problem"}};
  for (std::size_t i = 1; i < jobs.size(); ++i) {
    CHECK(job(i).at("job") == job(0).at("job"));
    CHECK(job(i).at("state") == rows[i - 1].first);
    CHECK(job(i).contains(rows[i - 1].second));
  }
  const auto code = job(3).at("problem").at("code").get<std::string>();
  CHECK(code_name(code_from_name(code)) == code);
}

TEST_CASE("§18: a channel file") {
  const auto file = good(node::read_channel_file(doc().block("channel file")));
  CHECK(file.from == offer().seller());
  CHECK(file.issued_ms == World::now);
  REQUIRE(file.offers.size() == 1);
  CHECK(file.offers.front().id == offer().id);
  const auto& item = file.channel.lists.at(0).items.at(0);
  CHECK(item.kind == node::channels::ItemKind::offer);
  CHECK(item.media == doc().block("offer id"));
  CHECK(file.channel.since.at == World::now);
  const auto orders = lines_of(doc().block("orders"));
  const auto spoken = [&](const std::string& text) {
    const auto order = good(link::decode_order(as_bytes(text)));
    const auto* lineup = std::get_if<link::Lineup>(&order);
    return lineup != nullptr && lineup->channels.at(0).channel == file.channel.id &&
           lineup->channels.at(0).number == file.channel.number;
  };
  CHECK(std::any_of(orders.begin(), orders.end(), spoken));
}

}  // namespace
}  // namespace hearth::examples
