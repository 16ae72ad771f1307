// What node and player say to each other (docs/protocol.md §11), as JSON frames. Decoders refuse
// what is out of bounds, whichever side it comes from; encoders write what decoders take.
// An order has the member "order", an event the member "event".
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/link/channels.h"
#include "common/wire/documents.h"

namespace hearth::link {

inline constexpr std::size_t max_read = 8u << 20;   ///< of one stream read
inline constexpr std::size_t max_json = 64u << 10;  ///< of one JSON frame, but for orders
inline constexpr std::size_t max_order = 1u << 20;  ///< of one order: lineups and guides are long
inline constexpr std::int64_t max_ms = 1LL << 40;
inline constexpr int protocol_version = 1;

// The first frame of every connection.
struct Hello {
  bool control = true;  ///< false: a stream connection
  std::string stream;   ///< stream connections: what to read
};
std::string encode(const Hello& hello);
Result<Hello> decode_hello(ByteView json);

// Orders: node to player.
struct Play {
  std::string stream, name;
  wire::Kind kind = wire::Kind::data;
  std::string media_type;
  std::uint64_t size = 0;
  std::int64_t start_ms = 0;
  std::string note, from;
};
struct Stop {};
struct Pause {};
struct Resume {};
struct Seek {
  std::int64_t position_ms = 0;
};
struct Page {
  int step = 1;  ///< -1, +1
};
struct Notify {
  std::string headline, text;
  int seconds = 6;  ///< 1..60
};
struct HomeScreen {
  std::string name;
  int waiting_gifts = 0;
};
/// A gift that waits for a person's word; an empty `prompt` takes it away.
struct Prompt {
  std::string prompt;    ///< id
  std::string headline;  ///< from whom
  std::string title;     ///< what
  std::string details;   ///< kind, length, size
  std::string note;
  std::string meaning;  ///< what accepting does
  Bytes picture;        ///< JPEG of the giver or of the title: hostile; decoded by the player
};
inline constexpr std::size_t max_prompt_picture = 48 * 1024;  ///< as a title's poster
struct TakeScreenshot {
  std::int64_t request = 0;
};
struct Quit {};
using Order = std::variant<Play, Stop, Pause, Resume, Seek, Page, Notify, HomeScreen, Prompt,
                           TakeScreenshot, Quit, Lineup, GuideWindow, Air, AskPin, Press>;
std::string encode(const Order& order);
Result<Order> decode_order(ByteView json);

// Events: player to node.
struct Ready {
  int width = 0, height = 0;
};
/// Names are on the wire.
enum class PlayState { idle, opening, playing, paused, buffering, ended, failed };
std::string_view state_name(PlayState state);
struct State {
  PlayState state = PlayState::idle;
  std::string stream;
  std::int64_t position_ms = 0, duration_ms = 0;
  int page = 0, pages = 0;
  std::string sentence;
  std::string channel;  ///< what is shown belongs to this channel; empty: to no channel
  bool operator==(const State&) const = default;
};
struct ScreenshotTaken {
  std::int64_t request = 0;
  bool ok = false;  ///< true: one frame of type bytes follows, the PNG
  std::string sentence;
};
/// A person's word about a prompt. Names are on the wire.
enum class Choice { accept, later, decline };
std::string_view choice_name(Choice choice);
struct Answered {
  std::string prompt;
  Choice choice = Choice::later;
};
using Event = std::variant<Ready, State, ScreenshotTaken, Answered, Tune, Watch, GuideWanted, Aired,
                           PinEntered, TunedOut, GiftsWanted>;
std::string encode(const Event& event);
Result<Event> decode_event(ByteView json);

// Stream connections.
struct StreamOpened {
  bool ok = false;
  std::uint64_t size = 0;
  std::string sentence;
};
std::string encode(const StreamOpened& opened);
Result<StreamOpened> decode_stream_opened(ByteView json);

struct ReadRequest {
  std::uint64_t offset = 0;
  std::size_t length = 0;  ///< at most max_read
};
std::string encode(const ReadRequest& request);
Result<ReadRequest> decode_read_request(ByteView json);

// The answer to a read is a frame of type bytes: status, then plaintext or the sentence.
inline constexpr std::uint8_t read_ok = 0, read_failed = 1;

}  // namespace hearth::link
