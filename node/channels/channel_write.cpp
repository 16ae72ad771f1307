#include <cstdio>

#include "node/channels/channel_json.h"

namespace hearth::node::channels {
namespace {

using wire::Json;

void put_text(Json& into, const char* name, const std::string& text) {
  if (!text.empty()) into[name] = text;
}

template <class T>
void put_number(Json& into, const char* name, T number, T usual) {
  if (number != usual) into[name] = number;
}

Json days_to_json(const std::vector<Day>& days) {
  Json out = Json::array();
  for (const Day day : days) out.push_back(format_day(day));
  return out;
}

Json running_to_json(const Running& running) {
  Json out = {{"slot", running.slot}};
  put_number<std::int64_t>(out, "left", running.left, 0);
  put_number<std::int64_t>(out, "until", running.until, 0);
  put_number<std::int64_t>(out, "planned", running.planned, 0);
  return out;
}

Json since_to_json(const Since& since) {
  Json out = {{"at", since.at}, {"handled", since.handled}};
  if (since.on_air) out["on_air"] = running_to_json(*since.on_air);
  if (since.floating) out["floating"] = running_to_json(*since.floating);
  if (since.progress.empty()) return out;
  Json all = Json::array();
  for (const Progress& one : since.progress) {
    Json entry = {{"id", one.id}, {"next", one.next}};
    put_number<std::int64_t>(entry, "first", one.first, 0);
    put_number<std::int64_t>(entry, "waits_since", one.waits_since, 0);
    all.push_back(std::move(entry));
  }
  out["progress"] = std::move(all);
  return out;
}

template <class T>
Json all_to_json(const std::vector<T>& all) {
  Json out = Json::array();
  for (const T& one : all) out.push_back(to_json(one));
  return out;
}

}  // namespace

std::string colour_text(std::uint32_t colour) {
  char text[16];
  std::snprintf(text, sizeof text, "#%06x", colour & 0xffffff);
  return text;
}

Json to_json(const Item& item) {
  Json out = {{"id", item.id}, {"kind", name_of(item.kind)}};
  put_text(out, "media", item.media);
  put_text(out, "name", item.name);
  put_text(out, "text", item.text);
  put_number<std::int64_t>(out, "length_ms", item.length_ms, 0);
  put_number<std::int64_t>(out, "picture_ms", item.picture_ms, 0);
  put_number<std::int32_t>(out, "weight", item.weight, 1);
  if (!item.pictures.empty()) out["pictures"] = item.pictures;
  if (item.transition != Transition::cut) out["transition"] = name_of(item.transition);
  return out;
}

Json to_json(const List& list) {
  Json out = {{"id", list.id}, {"order", name_of(list.order)}, {"items", all_to_json(list.items)}};
  put_text(out, "name", list.name);
  return out;
}

Json to_json(const Slot& slot) {
  Json out = {{"id", slot.id}, {"take", name_of(slot.take)}};
  put_text(out, "name", slot.name);
  put_text(out, "list", slot.list);
  if (slot.take == Take::multiple) out["count"] = slot.count;
  if (slot.take == Take::duration) out["duration_ms"] = slot.duration_ms;
  put_number<std::int32_t>(out, "rank", slot.rank, 0);
  if (slot.link != Link::none) {
    out["link"] = name_of(slot.link);
    out["linked"] = slot.linked;
  }
  if (slot.fillers) out["fillers"] = *slot.fillers;
  if (!slot.fixed) return out;
  out["at"] = format_clock(slot.fixed->at_ms);
  out["first"] = format_day(slot.fixed->first);
  put_text(out, "rule", slot.fixed->rule);
  if (!slot.fixed->except.empty()) out["except"] = days_to_json(slot.fixed->except);
  if (!slot.fixed->also.empty()) out["also"] = days_to_json(slot.fixed->also);
  return out;
}

Json to_json(const Filler& filler) {
  Json out = {{"id", filler.id},
              {"list", filler.list},
              {"place", name_of(filler.place)},
              {"amount", name_of(filler.amount)}};
  put_number<std::int64_t>(out, "value", filler.value, 0);
  put_number<std::int64_t>(out, "every_ms", filler.every_ms, 0);
  return out;
}

Json to_json(const Channel& channel) {
  Json out = {{"id", channel.id},
              {"number", channel.number},
              {"name", channel.name},
              {"colour", colour_text(channel.colour)},
              {"zone", channel.zone},
              {"seed", channel.seed},
              {"version", channel.version},
              {"since", since_to_json(channel.since)},
              {"lists", all_to_json(channel.lists)},
              {"slots", all_to_json(channel.slots)}};
  put_text(out, "logo", channel.logo);
  put_text(out, "dead_air", channel.dead_air);
  put_number<std::int64_t>(out, "max_lateness_ms", channel.max_lateness_ms, 0);
  if (!channel.fillers.empty()) out["fillers"] = all_to_json(channel.fillers);
  if (!channel.usual_fillers.empty()) out["usual_fillers"] = channel.usual_fillers;
  if (channel.watermark) {
    out["watermark"] = {{"corner", name_of(channel.watermark->corner)},
                        {"width_percent", channel.watermark->width_percent},
                        {"opacity_percent", channel.watermark->opacity_percent}};
  }
  if (!channel.budget.currency.empty()) {
    out["budget"] = {{"title", channel.budget.title},
                     {"month", channel.budget.month},
                     {"currency", channel.budget.currency}};
  }
  return out;
}

std::string write_channel(const Channel& channel) {
  return to_json(channel).dump();
}

}  // namespace hearth::node::channels
