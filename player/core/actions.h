// What the player's mind asks of its shell: mpv, documents, the node. Values; the shell carries
// them out in order (shell/tv.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "common/link/messages.h"
#include "player/core/picture_move.h"
#include "player/core/scenes.h"

namespace hearth::player {

// Actions. `run` counts the orders to play: what an earlier run reports later is ignored.
struct LoadMedia {
  int run = 0;
  std::string stream;
  wire::Kind kind = wire::Kind::video;
  std::int64_t start_ms = 0;
  bool hold = false;   ///< at its end the last picture stays: the list says when it goes on
  std::string beside;  ///< stream of a picture that is shown to the sound; empty: none
};
/// Opened beside what plays, at most one, so that PlayNext only has to show it. Held at its end.
struct LoadNext {
  int run = 0;
  std::string stream;
  wire::Kind kind = wire::Kind::video;
  std::int64_t start_ms = 0;
  std::string beside;
};
struct PlayNext {};
struct DropNext {};
/// Another picture to the sound that plays.
struct ShowBeside {
  std::string stream;
};
struct LoadPageImage {  ///< show the picture of a page that was rendered
  int run = 0;
};
struct LoadGiftPicture {  ///< a giver's JPEG, as the picture that stands beside the prompt
  int run = 0;
  std::shared_ptr<const Bytes> jpeg;
};
struct Unload {};
struct SetPause {
  bool paused = false;
};
struct SeekTo {
  std::int64_t position_ms = 0;
};
enum class DocumentForm { text, markdown, pdf, table };
struct FetchDocument {
  int run = 0;
  std::string stream;
  DocumentForm form = DocumentForm::text;
  std::uint64_t size = 0;
};
struct RenderPage {  ///< of the PDF that was fetched, at the window's size
  int run = 0;
  int page = 0;  ///< from 0
  Canvas canvas;
};
struct DropDocument {};
struct SetPictureRoom {  ///< parts of the window that stay free around the picture
  PictureMargins room;
};
struct SetVolume {
  int percent = 100;
  bool muted = false;
};
enum class TrackKind { audio, subtitles };
/// Of the file that plays.
struct Track {
  TrackKind kind = TrackKind::audio;
  int id = 0;
  std::string label;  ///< language, title
  bool chosen = false;
};
struct ChooseTrack {
  TrackKind kind = TrackKind::audio;
  int id = 0;  ///< 0: none
};
/// Over the picture; nullptr takes it away. Hostile.
struct ShowLogo {
  std::shared_ptr<const link::Logo> logo;
};
struct MovePicture {
  PictureMove move;
};
struct Capture {
  std::int64_t request = 0;
};
struct Leave {};
using Action = std::variant<LoadMedia, LoadNext, PlayNext, DropNext, ShowBeside, LoadPageImage,
                            LoadGiftPicture, Unload, SetPause, SeekTo, FetchDocument, RenderPage,
                            DropDocument, SetPictureRoom, SetVolume, ChooseTrack, ShowLogo,
                            MovePicture, Capture, Leave, link::Event>;

}  // namespace hearth::player
