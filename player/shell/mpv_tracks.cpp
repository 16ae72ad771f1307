#include "player/shell/mpv_tracks.h"

#include <mpv/client.h>

#include "player/shell/mpv_node.h"

namespace hearth::player {
namespace {

constexpr int max_tracks = 32;
constexpr std::size_t max_label = 80;

constexpr std::pair<std::string_view, std::string_view> languages[] = {
    {"eng", "English"},   {"en", "English"},    {"ger", "German"},   {"deu", "German"},
    {"de", "German"},     {"fre", "French"},    {"fra", "French"},   {"fr", "French"},
    {"spa", "Spanish"},   {"es", "Spanish"},    {"ita", "Italian"},  {"it", "Italian"},
    {"dut", "Dutch"},     {"nld", "Dutch"},     {"nl", "Dutch"},     {"por", "Portuguese"},
    {"pt", "Portuguese"}, {"pol", "Polish"},    {"pl", "Polish"},    {"tur", "Turkish"},
    {"tr", "Turkish"},    {"rus", "Russian"},   {"ru", "Russian"},   {"ukr", "Ukrainian"},
    {"uk", "Ukrainian"},  {"swe", "Swedish"},   {"sv", "Swedish"},   {"dan", "Danish"},
    {"da", "Danish"},     {"nor", "Norwegian"}, {"no", "Norwegian"}, {"cze", "Czech"},
    {"ces", "Czech"},     {"jpn", "Japanese"},  {"ja", "Japanese"},  {"chi", "Chinese"},
    {"zho", "Chinese"},   {"zh", "Chinese"},    {"ara", "Arabic"},   {"ar", "Arabic"}};

std::string language_in_words(std::string_view code) {
  for (const auto& [known, name] : languages) {
    if (code == known) return std::string(name);
  }
  return std::string(code);
}

std::string label_of(const mpv_node& track, int id) {
  const std::string language = language_in_words(text_member(track, "lang"));
  const std::string title(text_member(track, "title"));
  std::string label = language.empty() || title.empty()           ? language + title
                      : title.find(language) != std::string::npos ? title
                                                                  : language + ", " + title;
  if (label.empty()) label = "Track " + std::to_string(id);
  if (label.size() > max_label) label.resize(max_label);
  return label;
}

}  // namespace

std::vector<Track> tracks_of(const mpv_node& list) {
  std::vector<Track> out;
  if (list.format != MPV_FORMAT_NODE_ARRAY) return out;
  for (int i = 0; i < list.u.list->num && out.size() < max_tracks; ++i) {
    const mpv_node& node = list.u.list->values[i];
    const std::string_view type = text_member(node, "type");
    if (type != "audio" && type != "sub") continue;
    Track track;
    track.kind = type == "audio" ? TrackKind::audio : TrackKind::subtitles;
    track.id = static_cast<int>(integer_member(node, "id"));
    track.label = label_of(node, track.id);
    track.chosen = flag_member(node, "selected");
    out.push_back(std::move(track));
  }
  return out;
}

FirstTracks first_tracks(const mpv_node& list) {
  FirstTracks out;
  if (list.format != MPV_FORMAT_NODE_ARRAY) return out;
  for (int i = 0; i < list.u.list->num; ++i) {
    const mpv_node& track = list.u.list->values[i];
    if (text_member(track, "type") == "video") {
      out.picture = true;
      if (out.beside == 0 && flag_member(track, "external")) {
        out.beside = static_cast<int>(integer_member(track, "id"));
      }
    }
    if (out.sound == 0 && text_member(track, "type") == "audio") {
      out.sound = static_cast<int>(integer_member(track, "id"));
    }
  }
  return out;
}

std::vector<int> past_pictures(const mpv_node& list) {
  std::vector<int> out;
  int shown = 0;
  if (list.format != MPV_FORMAT_NODE_ARRAY) return out;
  for (int i = 0; i < list.u.list->num; ++i) {
    const mpv_node& track = list.u.list->values[i];
    if (text_member(track, "type") != "video" || !flag_member(track, "external")) continue;
    const int id = static_cast<int>(integer_member(track, "id"));
    out.push_back(id);
    if (flag_member(track, "selected")) shown = id;
  }
  // What is newer than what is shown is about to be.
  std::erase_if(out, [shown](int id) { return id >= shown; });
  return out;
}

}  // namespace hearth::player
