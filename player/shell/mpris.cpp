#include "player/shell/mpris.h"

#include <algorithm>
#include <cstring>

#include <systemd/sd-bus.h>

#include "common/base/log.h"

namespace hearth::player {
namespace {

using link::Key;

constexpr const char* name = "org.mpris.MediaPlayer2.hearth";
constexpr const char* path = "/org/mpris/MediaPlayer2";
constexpr const char* root_interface = "org.mpris.MediaPlayer2";
constexpr const char* player_interface = "org.mpris.MediaPlayer2.Player";

struct Method {
  const char* name;
  Key key;
};
constexpr Method methods[] = {{"Play", Key::resume},     {"Pause", Key::hold},
                              {"PlayPause", Key::pause}, {"Stop", Key::stop},
                              {"Next", Key::channel_up}, {"Previous", Key::channel_down}};

/// A bus path that names what is shown; ids of ours may hold anything.
std::string track_path(const std::string& id) {
  if (id.empty()) return "/org/mpris/MediaPlayer2/TrackList/NoTrack";
  std::string out = "/org/hearth/";
  for (const char c : id) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += plain ? c : '_';
  }
  return out;
}

class Bus final : public Mpris {
 public:
  explicit Bus(Listener listener) : listener_(std::move(listener)) {}
  ~Bus() override {
    sd_bus_slot_unref(root_);
    sd_bus_slot_unref(player_);
    sd_bus_flush_close_unref(bus_);
  }

  bool open() {
    if (sd_bus_open_user(&bus_) < 0) return false;
    const bool offered =
        sd_bus_add_object_vtable(bus_, &root_, path, root_interface, root_table, this) >= 0 &&
        sd_bus_add_object_vtable(bus_, &player_, path, player_interface, player_table, this) >= 0;
    if (!offered || sd_bus_request_name(bus_, name, 0) < 0) {
      spdlog::info("the TV has no name on the session's bus: another one has it");
      return false;
    }
    return true;
  }

  int fd() const override { return sd_bus_get_fd(bus_); }
  short events() const override {
    const int wanted = sd_bus_get_events(bus_);
    return static_cast<short>(std::max(0, wanted));
  }
  void process() override {
    while (sd_bus_process(bus_, nullptr) > 0) {
    }
  }

  void show(const MprisView& view) override {
    const bool other = view.status != view_.status || view.title != view_.title ||
                       view.id != view_.id || view.length_ms != view_.length_ms;
    const bool louder = view.volume != view_.volume;
    view_ = view;
    if (other) {
      sd_bus_emit_properties_changed(bus_, path, player_interface, "PlaybackStatus", "Metadata",
                                     nullptr);
    }
    if (louder) sd_bus_emit_properties_changed(bus_, path, player_interface, "Volume", nullptr);
  }

 private:
  static int pressed(sd_bus_message* message, void* self, sd_bus_error*) {
    const char* member = sd_bus_message_get_member(message);
    for (const Method& method : methods) {
      if (std::strcmp(member, method.name) == 0)
        static_cast<Bus*>(self)->listener_.press(method.key);
    }
    return sd_bus_reply_method_return(message, "");
  }
  /// By an offset in microseconds: a step of ours in that direction.
  static int seek(sd_bus_message* message, void* self, sd_bus_error*) {
    std::int64_t offset_us = 0;
    if (const int error = sd_bus_message_read(message, "x", &offset_us); error < 0) return error;
    static_cast<Bus*>(self)->listener_.press(offset_us < 0 ? Key::left : Key::right);
    return sd_bus_reply_method_return(message, "");
  }
  static int nothing(sd_bus_message* message, void*, sd_bus_error*) {
    return sd_bus_reply_method_return(message, "");
  }

  static int text(sd_bus*, const char*, const char*, const char* property, sd_bus_message* reply,
                  void* self, sd_bus_error*) {
    const bool identity = std::strcmp(property, "Identity") == 0;
    const MprisView& view = static_cast<Bus*>(self)->view_;
    return sd_bus_message_append(reply, "s", identity ? "Hearth" : view.status.c_str());
  }
  static int yes(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void*,
                 sd_bus_error*) {
    return sd_bus_message_append(reply, "b", 1);
  }
  static int no(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void*,
                sd_bus_error*) {
    return sd_bus_message_append(reply, "b", 0);
  }
  static int none(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void*,
                  sd_bus_error*) {
    return sd_bus_message_append(reply, "as", 0);
  }
  static int one(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void*,
                 sd_bus_error*) {
    return sd_bus_message_append(reply, "d", 1.0);
  }
  static int position(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                      void* self, sd_bus_error*) {
    return sd_bus_message_append(reply, "x", static_cast<Bus*>(self)->view_.position_ms * 1000);
  }
  static int metadata(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                      void* self, sd_bus_error*) {
    const MprisView& view = static_cast<Bus*>(self)->view_;
    return sd_bus_message_append(reply, "a{sv}", 3, "mpris:trackid", "o",
                                 track_path(view.id).c_str(), "mpris:length", "x",
                                 view.length_ms * 1000, "xesam:title", "s", view.title.c_str());
  }
  static int volume(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                    void* self, sd_bus_error*) {
    return sd_bus_message_append(reply, "d", static_cast<Bus*>(self)->view_.volume);
  }
  static int set_volume(sd_bus*, const char*, const char*, const char*, sd_bus_message* value,
                        void* self, sd_bus_error*) {
    double wanted = 0;
    if (const int error = sd_bus_message_read(value, "d", &wanted); error < 0) return error;
    // Not a number is neither: silence.
    static_cast<Bus*>(self)->listener_.volume(wanted > 0 ? std::min(wanted, 1.0) : 0);
    return 1;
  }

  static const sd_bus_vtable root_table[], player_table[];
  Listener listener_;
  MprisView view_;
  sd_bus* bus_ = nullptr;
  sd_bus_slot *root_ = nullptr, *player_ = nullptr;
};

// The macros of sd-bus are C: they leave members out.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
const sd_bus_vtable Bus::root_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Raise", "", "", nothing, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Quit", "", "", nothing, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("CanQuit", "b", no, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanRaise", "b", no, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("HasTrackList", "b", no, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Identity", "s", text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("SupportedUriSchemes", "as", none, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("SupportedMimeTypes", "as", none, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_VTABLE_END};
const sd_bus_vtable Bus::player_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Play", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Pause", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("PlayPause", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Stop", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Next", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Previous", "", "", pressed, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Seek", "x", "", seek, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("PlaybackStatus", "s", text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Metadata", "a{sv}", metadata, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_WRITABLE_PROPERTY("Volume", "d", volume, set_volume, 0,
                             SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE | SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("Position", "x", position, 0, 0),
    SD_BUS_PROPERTY("Rate", "d", one, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("MinimumRate", "d", one, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("MaximumRate", "d", one, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanGoNext", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanGoPrevious", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanPlay", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanPause", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanSeek", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("CanControl", "b", yes, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_VTABLE_END};
#pragma GCC diagnostic pop

}  // namespace

std::unique_ptr<Mpris> Mpris::connect(Listener listener) {
  auto bus = std::make_unique<Bus>(std::move(listener));
  if (!bus->open()) return nullptr;
  return bus;
}

}  // namespace hearth::player
