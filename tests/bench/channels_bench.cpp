// The guide's speed (issue of the television): 200 channels for 14 days under 100 ms on one core,
// a page of 25 rows and 4 hours under 2 ms; written as XMLTV under 300 ms. Fresh: documents just
// read, nothing worked out yet; ready: as the node holds them. Prints medians.
#include <cstdio>
#include <functional>

#include "node/channels/channel_json.h"
#include "node/channels/guide.h"
#include "node/iptv/xmltv.h"
#include "tests/bench/measure.h"
#include "tests/support/channel_world.h"

namespace {

using namespace hearth;
using namespace hearth::node::channels;
using node::ListedChannel, node::ListedProgramme, node::XmltvWriter;

constexpr int channels = 200, rounds = 7;
constexpr UtcMs now = 1'795'800'000'000;  // 27 November 2026

/// Like a channel of a home: films in the evening, two series with reruns, news three times a
/// day, a monthly special, music at night, spots in between; made `age` days ago.
Channel some_channel(int number, int age) {
  static const char* const zones[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"};
  Channel out = test::channel(zones[number % 3], format_day(day_of({2026, 11, 27}) - age));
  out.id = "c" + std::to_string(number);
  out.number = number;
  out.seed = static_cast<std::uint64_t>(number);
  const auto many = [&](const std::string& id, int count, double minutes, Order order) {
    List list = test::list(id, {}, order);
    for (int i = 0; i < count; ++i)
      list.items.push_back(test::title(id + std::to_string(i), minutes + (i * 7 + number) % 11));
    return list;
  };
  out.lists = {many("films", 60, 85, Order::shuffle),  many("series", 120, 24, Order::sequence),
               many("other", 80, 42, Order::sequence), many("news", 1, 15, Order::sequence),
               many("music", 300, 3, Order::weighted), many("spots", 20, 0.5, Order::shuffle)};
  const std::string first = format_day(day_of({2026, 1, 1}));
  const auto at = [](int hour, int minute) {
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", hour, minute);
    return std::string(text);
  };
  const int shift = number % 30;
  out.slots = {test::fixed("film", "films", at(20, shift), first, "FREQ=DAILY"),
               test::fixed("late", "films", at(22, shift), first, "FREQ=WEEKLY;BYDAY=FR,SA"),
               test::fixed("soap", "series", at(18, shift), first,
                           "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", Take::multiple),
               test::fixed("again", "", at(10, shift), first, "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA",
                           Take::multiple),
               test::fixed("n1", "news", "07:00", first, "FREQ=DAILY"),
               test::fixed("n2", "news", "13:00", first, "FREQ=DAILY"),
               test::fixed("n3", "news", "19:30", first, "FREQ=DAILY"),
               test::fixed("special", "other", "16:00", first, "FREQ=MONTHLY;BYDAY=1SU"),
               test::fixed("night", "music", "01:00", first, "FREQ=DAILY", Take::duration),
               test::floating("day", "other", Take::multiple),
               test::floating("more", "series", Take::one)};
  out.slots[2].count = out.slots[3].count = 2;
  out.slots[3].link = Link::reruns;
  out.slots[3].linked = "soap";
  out.slots[7].rank = 1;
  out.slots[8].duration_ms = 4 * hour_ms;
  out.slots[9].count = 2;
  out.fillers = {test::filler("post", "spots", Place::post, Amount::pad, 5),
                 test::filler("tail", "spots", Place::tail, Amount::all),
                 test::filler("rest", "music", Place::fallback, Amount::all)};
  out.usual_fillers = {"post", "tail", "rest"};
  return out;
}

/// The guide of 14 days as node/iptv writes it.
std::string as_xmltv(const std::vector<Timeline>& timelines, const Media& media) {
  std::vector<ListedChannel> listed;
  for (const Timeline& one : timelines)
    listed.push_back({one.channel().id, one.channel().number, one.channel().name, true});
  XmltvWriter writer("Home", listed, "http://192.168.1.5:8480/iptv/token");
  std::vector<ListedProgramme> programmes;
  for (std::size_t i = 0; i < timelines.size(); ++i) {
    programmes.clear();
    for (const GuideEntry& one : timelines[i].guide(media, now, now + 14 * day_ms)) {
      programmes.push_back({one.start, one.end,
                            std::string(title_of(timelines[i].channel(), media, one)),
                            "What it is about, in a sentence of some length.", 12});
    }
    writer.add(listed[i], programmes);
  }
  return writer.finish();
}

/// Of `work`; `before` is not measured.
double median_ms(
    const std::function<void()>& work, const std::function<void()>& before = [] {}) {
  std::vector<double> all;
  for (int i = 0; i < rounds; ++i) {
    before();
    const double begin = bench::own_cpu_seconds();
    work();
    all.push_back((bench::own_cpu_seconds() - begin) * 1000);
  }
  return bench::median(all);
}

}  // namespace

int main() {
  const test::KnownMedia media;
  std::vector<std::vector<std::string>> rows = {
      {"channels made", "what", "entries", "median ms", "limit ms"}};
  for (const int age : {0, 30, 365}) {
    std::vector<Channel> documents;
    std::vector<Zone> zones;
    for (int i = 0; i < channels; ++i) {
      documents.push_back(some_channel(i, age));
      zones.push_back(test::zone(documents.back().zone));
    }
    const std::string made = std::to_string(age) + " days ago";
    std::size_t entries = 0;
    std::vector<Timeline> ready;
    std::vector<Channel> read;
    const auto whole_guide = [&] {
      entries = 0;
      for (const Timeline& one : ready) entries += one.guide(media, now, now + 14 * day_ms).size();
    };
    const double fresh = median_ms(
        [&] {
          for (std::size_t i = 0; i < read.size(); ++i)
            ready.push_back(Timeline::make(std::move(read[i]), zones[i]).value());
          whole_guide();
        },
        [&] {
          ready.clear();
          read = documents;
        });
    rows.push_back({made, "200 channels x 14 days, fresh",
                    bench::whole(static_cast<double>(entries)), bench::fixed(fresh, 1),
                    age == 365 ? "" : "100"});
    const double again = median_ms(whole_guide);
    rows.push_back({made, "200 channels x 14 days, ready",
                    bench::whole(static_cast<double>(entries)), bench::fixed(again, 1), "100"});
    const double xmltv = median_ms([&] { entries = as_xmltv(ready, media).size(); });
    rows.push_back({made, "200 channels x 14 days, as XMLTV (bytes)",
                    bench::whole(static_cast<double>(entries)), bench::fixed(xmltv, 1), "300"});
    std::vector<const Timeline*> page;
    for (std::size_t i = 0; i < 25; ++i) page.push_back(&ready[i]);
    int turn = 0;
    const double one_page = median_ms([&] {
      entries = 0;
      // Another evening each time: nothing of the page is kept from the one before.
      const UtcMs from = now + ++turn % 14 * day_ms + 19 * hour_ms;
      for (const GuideRow& row : guide(page, media, from, from + 4 * hour_ms))
        entries += row.entries.size();
    });
    rows.push_back({made, "a page of 25 rows x 4 hours", bench::whole(static_cast<double>(entries)),
                    bench::fixed(one_page, 2), "2"});
  }
  std::fputs(bench::table(rows).c_str(), stdout);
}
