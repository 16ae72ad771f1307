// What the TV's state looks like: views for the scenes, and which of them are seen.
#include <algorithm>

#include "player/core/text.h"
#include "player/core/tv_set.h"

namespace hearth::player {
namespace {

constexpr std::int64_t banner_length_ms = 7'000, volume_bar_ms = 2'500, minute_ms = 60'000;
constexpr std::int64_t opening_shown_after_ms = 700;
constexpr std::size_t later_rows = 7;

double part_of(std::int64_t at_ms, std::int64_t from_ms, std::int64_t to_ms) {
  return static_cast<double>(at_ms - from_ms) /
         static_cast<double>(std::max<std::int64_t>(1, to_ms - from_ms));
}

}  // namespace

ChannelView TvSet::channel_view(const std::string& channel) const {
  const link::Channel* found = tuner_.find(channel);
  if (found == nullptr) return {"–", "", ember};
  return {std::to_string(found->number), found->name,
          found->colour == 0 ? ember : Colour{found->colour}};
}

std::string TvSet::span_in_words(std::int64_t start_ms, std::int64_t end_ms) const {
  return local_(start_ms).time + " – " + local_(end_ms).time;
}

std::string TvSet::when_in_words() const {
  if (watching_.paused()) return "Paused";
  if (watching_.live(utc_ms_)) return "Live";
  const std::int64_t lag_ms = watching_.lag_ms(utc_ms_);
  if (lag_ms < minute_ms) return std::to_string(lag_ms / 1000) + " s behind";
  if (lag_ms < 120 * minute_ms) return std::to_string(lag_ms / minute_ms) + " min behind";
  return "From " + local_(watching_.list_ms(utc_ms_)).date;
}

NowNextView TvSet::now_next() const {
  NowNextView view;
  view.channel = channel_view(watching_.channel());
  view.clock = show_.wall().time;
  view.when = when_in_words();
  view.live = watching_.live(utc_ms_) && !watching_.paused();
  const link::AirItem* on = watching_.waiting() ? nullptr : watching_.now_on(utc_ms_);
  const link::AirItem* next = watching_.waiting() ? nullptr : watching_.next_on(utc_ms_);
  view.now = watching_.waiting() ? "" : "Nothing is on";
  if (on != nullptr) {
    view.now = on->name;
    view.now_time = span_in_words(on->start_ms, on->end_ms);
    view.progress = part_of(watching_.list_ms(utc_ms_), on->start_ms, on->end_ms);
  }
  if (next != nullptr) {
    view.next = next->name;
    view.next_time = local_(next->start_ms).time;
  }
  view.hints = {{"OK", "more"}, {"▲▼", "channel"}, {"Guide", "guide"}, {"Menu", "menu"}};
  if (watching_.paused()) view.hints.insert(view.hints.begin(), {"Play", "go on"});
  if (on != nullptr && on->catch_up) view.hints.push_back({"◀", "back 10 s"});
  view.hints.push_back({"Back", "hide"});
  return view;
}

ChannelCardView TvSet::card() const {
  ChannelCardView view;
  view.channel = channel_view(watching_.channel());
  view.clock = show_.wall().time;
  view.hints = {{"▲▼", "channel"}, {"Guide", "guide"}, {"Menu", "menu"}, {"Back", "menu"}};
  const link::AirItem* next = watching_.waiting() ? nullptr : watching_.next_on(utc_ms_);
  if (next != nullptr) {
    view.next = next->name;
    view.next_time = local_(next->start_ms).time;
  }
  const link::AirItem* on = watching_.waiting() ? nullptr : watching_.now_on(utc_ms_);
  const std::string failure = on == nullptr ? "" : watching_.list().failure(*on);
  if (watching_.waiting() || (on != nullptr && failure.empty())) {
    view.headline = on == nullptr ? view.channel.name : on->name;
    view.waits = true;
    view.phase = static_cast<double>(show_.now_ms() % 1500) / 1500;
  } else if (on != nullptr) {
    view.headline = on->name;
    view.sentence = failure;
  } else {
    view.headline = "Nothing is on right now";
    view.sentence = watching_.list().air().sentence;
  }
  return view;
}

InfoView TvSet::info() const {
  InfoView view;
  view.channel = channel_view(watching_.channel());
  const link::AirItem* on = watching_.now_on(utc_ms_);
  view.hints = {{"OK", "close"}, {"Guide", "guide"}, {"Back", "close"}};
  if (on != nullptr) {
    view.name = on->name;
    view.time = span_in_words(on->start_ms, on->end_ms) + "  ·  " + when_in_words();
    view.about = on->about.empty() ? watching_.list().failure(*on) : on->about;
    view.facts = "Sound: " + track_in_words(TrackKind::audio) +
                 "   Subtitles: " + track_in_words(TrackKind::subtitles);
    if (on->catch_up) view.hints.insert(view.hints.begin() + 1, {"Start", "from the start"});
  } else {
    view.name = "Nothing is on right now";
    view.about = watching_.list().air().sentence;
  }
  const std::int64_t after_ms = on != nullptr ? on->start_ms : watching_.list_ms(utc_ms_);
  for (const link::AirItem& item : watching_.list().air().items) {
    if (item.start_ms <= after_ms || item.filler || view.later.size() >= later_rows) continue;
    view.later.push_back({local_(item.start_ms).time, item.name});
  }
  return view;
}

GuideView TvSet::guide_view() const {
  GuideView view;
  const std::int64_t from = guide_.from_ms(), to = guide_.to_ms();
  view.day = local_(guide_.anchor_ms()).date;
  view.clock = show_.wall().time;
  for (std::int64_t at = from; at < to; at += GuideGrid::ruler_ms) {
    view.ruler.push_back(local_(at).time);
  }
  view.now = part_of(utc_ms_, from, to);
  const auto selected = guide_.selected();
  view.hints = {
      {"OK", "watch"}, {"▲▼", "channels"}, {"◀▶", "time"}, {"« »", "2 hours"}, {"Back", "close"}};
  if (selected) {
    view.name = selected->name;
    view.time = span_in_words(selected->start_ms, selected->end_ms);
    const bool over = selected->end_ms <= utc_ms_, begun = selected->start_ms <= utc_ms_;
    view.detail = !begun               ? "Later"
                  : selected->catch_up ? over ? "Over. OK: watch it from its start"
                                              : "On now. OK: watch it, also from its start"
                  : over               ? "Over"
                                       : "On now. OK: watch it";
  } else {
    view.name = guide_.known(guide_.row()) ? "Nothing scheduled" : "";
    view.anchor = part_of(guide_.anchor_ms(), from, to);
  }
  const auto& channels = guide_.channels().channels;
  const int last =
      std::min(guide_.first_row() + GuideGrid::visible_rows, static_cast<int>(channels.size()));
  for (int row = guide_.first_row(); row < last; ++row) {
    const std::string& id = channels[static_cast<std::size_t>(row)].channel;
    GuideRowView line{
        channel_view(id), {}, guide_.known(row), id == watching_.channel(), row == guide_.row()};
    for (const link::Programme& one : guide_.cells(row)) {
      const bool on_now = one.start_ms <= utc_ms_ && utc_ms_ < one.end_ms;
      line.cells.push_back({part_of(one.start_ms, from, to), part_of(one.end_ms, from, to),
                            one.name, line.under_cursor && selected && one == *selected, on_now,
                            one.catch_up && one.start_ms <= utc_ms_});
    }
    view.rows.push_back(std::move(line));
  }
  view.more_above = guide_.first_row() > 0;
  view.more_below = last < static_cast<int>(channels.size());
  return view;
}

std::string TvSet::overlay_scene() const {
  const Canvas& canvas = show_.canvas();
  const auto list = [&](std::string headline) {
    ChoicesView view;
    view.headline = std::move(headline);
    for (const Choice& choice : choices()) view.rows.push_back(choice.row);
    view.cursor = std::clamp(cursor_, 0, std::max(0, static_cast<int>(view.rows.size()) - 1));
    view.hints = {{"OK", "choose"}, {"▲▼", "move"}, {"Back", "back"}};
    return draw_choices(canvas, view);
  };
  switch (*overlay()) {
    case Overlay::menu:
      return list("Menu");
    case Overlay::guide:
      return draw_guide(canvas, guide_view());
    case Overlay::guide_choice: {
      const auto programme = guide_.selected();
      return list(programme ? programme->name : "Guide");
    }
    case Overlay::info:
      return draw_info(canvas, info());
    case Overlay::audio:
      return list("Sound track");
    case Overlay::subtitles:
      return list("Subtitles");
    case Overlay::gifts:
      break;
  }
  if (show_.has_prompt()) return show_.prompt_scene();
  ChannelCardView view;
  view.channel = {"♥", "Gifts", ember};
  view.clock = show_.wall().time;
  view.headline = "No gift can be shown right now";
  view.hints = {{"Back", "back"}};
  return draw_channel_card(canvas, view);
}

std::string TvSet::scene() const {
  const bool opens_long = show_.opening_for_ms() > opening_shown_after_ms;
  if (watching_.on() && (!watching_.shows_item() || opens_long)) {
    return draw_channel_card(show_.canvas(), card());
  }
  std::string scene = show_.scene();
  if (watching_.on() || show_.asks() || overlay()) return scene;
  Drawing d;
  const Canvas& canvas = show_.canvas();
  const double y = Canvas::height() - canvas.margin() - 8;
  if (show_.shows_home()) {
    std::vector<Hint> hints = {{"OK", "menu"}};
    if (!tuner_.empty()) {
      hints = {{"OK", "menu"}, {"▲▼", "watch television"}, {"Guide", "guide"}};
    }
    draw_hints(d, canvas.side(), y, canvas.width() * 0.6, hints);
  } else if (show_.shows_card()) {
    draw_hints(d, canvas.side(), y, canvas.width() * 0.6,
               {{"Back", "home screen"}, {"Menu", "menu"}});
  }
  return scene + d.take();
}

std::string TvSet::top() const {
  const Canvas& canvas = show_.canvas();
  std::string out;
  const bool asks_pin = !pin_.pin.empty();
  const bool free = !overlay() && !asks_pin;
  const bool typing = !tuner_.entry().empty() || !tuner_.unknown().empty();
  if (const double dark = darkness(); dark > 0) {
    Drawing d;
    d.rectangle(-2, -2, canvas.width() + 4, Canvas::height() + 4, black, dark);
    out += d.take();
  }
  if (free && clock_always_ && !typing && !show_.shows_home() && watching_.shows_item()) {
    out += draw_clock(canvas, show_.wall().time);
  }
  const double banner = fade(banner_ms_, banner_length_ms);
  // The new picture first: drawing takes time from it.
  const bool awaits = watching_.waiting() || show_.opening();
  if (free && watching_.on() && watching_.shows_item() && !awaits &&
      (banner > 0 || watching_.paused())) {
    out += draw_now_next(canvas, now_next(), watching_.paused() ? 1 : banner);
  }
  if (asks_pin) {
    out += draw_pin(canvas, {pin_.headline,
                             pin_.text,
                             pin_.sentence,
                             static_cast<int>(pin_digits_.size()),
                             pin_cursor_,
                             {{"0–9", "digits"}, {"OK", "press"}, {"Back", "back"}}});
  } else if (overlay()) {
    out += overlay_scene();
  } else if (typing) {
    const bool unknown = tuner_.entry().empty();
    out += draw_number_entry(canvas, unknown ? tuner_.unknown() : tuner_.entry(), unknown);
  }
  out += show_.top();
  const double volume = fade(volume_ms_, volume_bar_ms);
  if (volume > 0) out += draw_volume(canvas, volume_, muted_, volume);
  return out;
}

}  // namespace hearth::player
