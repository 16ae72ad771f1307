// The blocks of §8 to §12: what goes over HTTP, WebSockets and the player's socket.
#include "common/link/frames.h"
#include "common/link/messages.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "tests/unit/common/protocol_examples.h"

namespace hearth::examples {
namespace {

using wire::Json;

std::string percent_encoded(ByteView bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    const char c = static_cast<char>(byte);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    out += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

/// 192.0.2.7:51413, as BEP 23 packs it.
constexpr std::array<std::uint8_t, 6> peer4 = {192, 0, 2, 7, 0xc8, 0xd5};

void add_home_requests(Blocks& out, const World& w) {
  const Json home = {{"home", w.buyer.address().text()}, {"name", "Anna & Ben"}};
  add_jws(out, "home",
          wire::sign_jws("hearth/home/1", wire::with_issued(home, w.now), w.buyer.identity()));
  const Json opened = {{"home", w.buyer.address().text()}, {"account", w.account()}};
  out.emplace_back("home answer", opened.dump());

  const Json statement = {{"home", w.buyer.address().text()}, {"after", 0}, {"limit", 200}};
  add_jws(out, "statement",
          wire::sign_jws("hearth/statement/1", wire::with_issued(statement, w.now + 2'500),
                         w.buyer.identity()));
  const money::Amount paid{-w.offer.price.minor, w.offer.price.currency};
  const Json deposit = {{"index", 5},
                        {"at_ms", w.now + 1'500},
                        {"kind", "deposit"},
                        {"amount", wire::money_to_json(money::parse("20.00 EUR").value())},
                        {"reference", "bank transfer 17"}};
  const auto request_id = first_bytes<16>(crypto::derive(w.purchase, "request id", 0));
  const Json purchase = {{"index", 6},
                         {"at_ms", w.now + 2'050},
                         {"kind", "purchase"},
                         {"amount", wire::money_to_json(paid)},
                         {"reference", to_hex(request_id)},
                         {"offer", to_hex(w.offer.id)}};
  const Json answer = {
      {"balances", Json::array({wire::money_to_json(money::parse("16.50 EUR").value())})},
      {"pockets", Json::array()},
      {"entries", Json::array({deposit, purchase})}};
  out.emplace_back("statement answer", answer.dump());
}

/// That deposit, ordered by an operator over TLS.
void add_order(Blocks& out, const World& w) {
  const Json args = {{"home", w.buyer.address().text()},
                     {"amount", "20.00 EUR"},
                     {"reference", "bank transfer 17"}};
  const Json order = {{"request_id", to_hex(counting<16>(0xb0))},
                      {"ledger", to_base64url(w.ledger.public_key())},
                      {"command", "deposit"},
                      {"args", args},
                      {"issued_ms", w.now + 1'500}};
  const auto key = crypto::SignKey::from_seed(crypto::Seed(counting<32>(0x10)));
  add_jws(out, "operator order", wire::sign_jws("hearth/operator/1", order, key));
}

void add_publishing(Blocks& out, const World& w) {
  const std::string info_hash = to_hex(w.offer.manifest.info_hash);
  const Json payload = {{"home", w.seller.address().text()},
                        {"info_hash", info_hash},
                        {"torrent_sha256", to_hex(crypto::sha256(w.torrent))}};
  const std::string announcement =
      wire::sign_jws("hearth/torrent/1", wire::with_issued(payload, w.now), w.seller.identity());
  add_jws(out, "announcement", announcement);
  const Json torrent = {{"announcement", announcement}, {"torrent", to_base64url(w.torrent)}};
  out.emplace_back("torrent registration", torrent.dump());
  out.emplace_back("torrent registration answer", Json{{"info_hash", info_hash}}.dump());

  out.emplace_back("sealed key",
                   std::string(as_text(w.sealed_key)).substr(0, w.sealed_key.size() - 1));
  const Json offer = {{"offer", w.offer_jws}, {"sealed_key", to_base64url(w.sealed_key)}};
  out.emplace_back("offer registration", offer.dump());
  out.emplace_back("offer registration answer", Json{{"offer", to_hex(w.offer.id)}}.dump());

  const Json entry = {{"id", to_hex(w.offer.id)}, {"offer", w.offer_jws}, {"complete_sources", 1}};
  const Json page = {{"offers", Json::array({entry})}, {"next", ""}};
  out.emplace_back("catalogue page", page.dump());
  const Json sources = {
      {"complete", 1}, {"incomplete", 0}, {"peers", Json::array({"192.0.2.7:51413"})}};
  out.emplace_back("sources", sources.dump());
  const Json event = {{"sequence", 1}, {"info_hash", info_hash}, {"size", w.payload.size()}};
  out.emplace_back("mirror event", event.dump());
}

void add_mailbox(Blocks& out, const World& w) {
  const std::string mailbox = to_base64url(w.buyer.mailbox().public_key());
  const Json definition = {{"mailbox", mailbox},
                           {"drop_tokens", Json::array({to_hex(crypto::sha256(w.drop_token))})}};
  add_jws(
      out, "mailbox",
      wire::sign_jws("hearth/mailbox/1", wire::with_issued(definition, w.now), w.buyer.mailbox()));
  out.emplace_back("drop request", "POST /v1/mailboxes/" + mailbox + "/drops HTTP/1.1\n" +
                                       "Host: ledger.example:7443\n" +
                                       "Content-Type: application/octet-stream\n" +
                                       "Hearth-Drop-Token: " + to_base64url(w.drop_token) + "\n" +
                                       "Idempotency-Key: " + to_hex(counting<16>(0xb0)) + "\n" +
                                       "Content-Length: " + std::to_string(w.drop.size()));
  out.emplace_back("drop answer", Json{{"sequence", 1}}.dump());

  const std::string challenge = to_base64url(w.challenge);
  out.emplace_back("mailbox challenge", Json{{"challenge", challenge}}.dump());
  const Json open = {{"mailbox", mailbox}, {"challenge", challenge}, {"after", 0}};
  add_jws(out, "mailbox open",
          wire::sign_jws("hearth/mailbox-open/1", wire::with_issued(open, w.now + 5'000),
                         w.buyer.mailbox()));
  const Json event = {{"sequence", 1}, {"drop", to_base64url(w.drop)}, {"at_ms", w.now + 4'100}};
  out.emplace_back("mailbox event", event.dump());
  out.emplace_back("mailbox acknowledgement", Json{{"ack", 1}}.dump());
  add_jws(
      out, "notebook request",
      wire::sign_jws("hearth/notebook/1", wire::with_issued({{"mailbox", mailbox}}, w.now + 6'000),
                     w.buyer.mailbox()));
}

void add_tracker(Blocks& out, const World& w) {
  const std::string hash = percent_encoded(w.offer.manifest.info_hash);
  out.emplace_back(
      "announce",
      "GET /announce?info_hash=" + hash + "&peer_id=" + percent_encoded(counting<20>(0x01)) +
          "&port=6881&uploaded=0&downloaded=0&left=" + std::to_string(w.payload.size()) +
          "&compact=1&numwant=50&event=started HTTP/1.1");
  const std::string start = "d8:completei1e10:incompletei1e8:intervali30e5:peers6:";
  out.emplace_back("announce answer",
                   to_hex(as_bytes(start + std::string(as_text(peer4)) + "6:peers60:e")));
  const std::string reason =
      "The ledger's tracker has no such torrent. Register the torrent first.";
  out.emplace_back("announce refusal",
                   "d14:failure reason" + std::to_string(reason.size()) + ":" + reason + "e");
  out.emplace_back("scrape", "GET /scrape?info_hash=" + hash + " HTTP/1.1");
  out.emplace_back(
      "scrape answer",
      to_hex(as_bytes("d5:filesd20:" + std::string(as_text(w.offer.manifest.info_hash)) +
                      "d8:completei1e10:downloadedi0e10:incompletei1eeee")));
}

std::string one_per_line(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : "\n") + text;
  return out;
}

std::string frame(link::FrameType type, std::string_view body) {
  return to_hex(link::encode_frame(type, as_bytes(body)));
}

void add_player(Blocks& out, const World& w) {
  using namespace link;
  const std::string stream = to_hex(w.offer.manifest.title);
  const std::string hello = encode(Hello{});
  out.emplace_back("control hello", hello);
  out.emplace_back("json frame", frame(FrameType::json, hello));
  const wire::Manifest& title = w.offer.manifest;
  const std::vector<Order> orders = {Play{stream, title.name, title.kind, title.media_type,
                                          title.size, 0, "For Saturday.\nLove, B", "Anna & Ben"},
                                     Stop{},
                                     Pause{},
                                     Resume{},
                                     Seek{90'000},
                                     Page{-1},
                                     Notify{"A gift has arrived", "Postcard from the lake", 8},
                                     HomeScreen{"The Millers", 1},
                                     Prompt{"05050000000000000000000000000000",
                                            "A gift from Anna",
                                            "Postcard from the lake",
                                            "Picture, 2.1 MB",
                                            "For you",
                                            "Accepting costs nothing.",
                                            {}},
                                     TakeScreenshot{3},
                                     Quit{}};
  std::vector<std::string> texts;
  for (const Order& order : orders) texts.push_back(encode(order));
  for (const Order& order : channel_orders(w)) texts.push_back(encode(order));
  out.emplace_back("orders", one_per_line(texts));

  State playing;
  playing.state = PlayState::playing;
  playing.stream = stream;
  playing.page = 1;
  playing.pages = 1;
  texts = {encode(Event(Ready{1920, 1080})), encode(Event(playing)),
           encode(Event(ScreenshotTaken{3, true, ""})),
           encode(Event(Answered{"05050000000000000000000000000000", Choice::accept}))};
  for (const Event& event : channel_events()) texts.push_back(encode(event));
  out.emplace_back("events", one_per_line(texts));
  out.emplace_back(
      "stream messages",
      one_per_line({encode(Hello{false, stream}), encode(StreamOpened{true, title.size, ""}),
                    encode(StreamOpened{false, 0, "There is no such title here."}),
                    encode(ReadRequest{6, 8})}));
  out.emplace_back("bytes frame", frame(FrameType::bytes,
                                        std::string(1, char{read_ok}) + w.plaintext.substr(6, 8)));
  out.emplace_back("failed read frame",
                   frame(FrameType::bytes,
                         std::string(1, char{read_failed}) + "This part has not arrived yet."));
}

void add_node_api(Blocks& out, const World& w) {
  const auto with_text = [](const money::Amount& amount) {
    Json json = wire::money_to_json(amount);
    json["text"] = money::format(amount);
    return json;
  };
  const auto request_id = first_bytes<16>(crypto::derive(w.purchase, "request id", 0));
  const std::string voucher = to_hex(wire::voucher_input(w.one_time.public_key()));
  const Json arguments = {{"offer", w.offer.manifest.name}, {"keep_voucher", true}};
  out.emplace_back("api request", arguments.dump());
  const Json answer = {{"offer", to_hex(w.offer.id)},
                       {"name", w.offer.manifest.name},
                       {"paid", with_text(w.offer.price)},
                       {"balance", with_text(money::parse("16.50 EUR").value())},
                       {"request", to_hex(request_id)},
                       {"voucher", voucher.substr(0, 16)},
                       {"delivery", false}};
  out.emplace_back("api answer", answer.dump());

  const std::string id = "4be0a3f1c2d59687";
  const Json begun = {{"job", id}};
  const Json running = {{"job", id},
                        {"state", "running"},
                        {"done", w.plaintext.size()},
                        {"total", w.plaintext.size()},
                        {"unit", "bytes"},
                        {"step", "encrypting"}};
  Json done = {{"job", id},  {"state", "done"}, {"done", 0},
               {"total", 0}, {"unit", "bytes"}, {"step", "offering"}};
  done["result"] = {
      {"title", to_hex(w.offer.manifest.title)}, {"offer", to_hex(w.offer.id)},
      {"name", w.offer.manifest.name},           {"size", w.offer.manifest.size},
      {"price", with_text(w.offer.price)},       {"info_hash", to_hex(w.offer.manifest.info_hash)}};
  Json failed = done;
  failed.erase("result");
  failed["state"] = "failed";
  failed["problem"] = wire::failure_document(
      {Code::io,
       "The file could not be read to its end. Nothing was published; look after the "
       "disk, then publish it again."});
  out.emplace_back("jobs",
                   one_per_line({begun.dump(), running.dump(), done.dump(), failed.dump()}));
}

}  // namespace

Blocks message_blocks(const World& w) {
  Blocks out;
  add_home_requests(out, w);
  add_order(out, w);
  add_publishing(out, w);
  add_mailbox(out, w);
  out.emplace_back("problem",
                   wire::write_problem({Code::insufficient_funds,
                                        "The wallet holds less than the price; nothing was "
                                        "charged. Ask the ledger's operator for a deposit."}));
  add_tracker(out, w);
  add_player(out, w);
  add_node_api(out, w);
  return out;
}

}  // namespace hearth::examples
