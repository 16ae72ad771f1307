#include "node/iptv/m3u.h"

#include "common/base/names.h"
#include "node/iptv/xmltv.h"

namespace hearth::node {
namespace {

constexpr int catch_up_days = 7;
constexpr std::size_t max_name = 400;

std::string attribute(std::string_view text) {
  std::string out = printable(text, max_name);
  for (char& c : out) {
    if (c == '"') c = '\'';
  }
  return out;
}

}  // namespace

std::string write_m3u(std::string_view home, const std::vector<ListedChannel>& channels,
                      std::string_view base, StreamForm form) {
  const std::string at(base);
  std::string out = "#EXTM3U url-tvg=\"" + at + "/xmltv.xml\" x-tvg-url=\"" + at + "/xmltv.xml\"\n";
  const std::string ending = form == StreamForm::ts ? ".ts" : ".m3u8";
  for (const ListedChannel& one : channels) {
    const std::string name = attribute(one.name);
    out += "#EXTINF:-1 tvg-id=\"" + xmltv_id(one.id) + "\" tvg-chno=\"" +
           std::to_string(one.number) + "\" tvg-name=\"" + name + "\"";
    if (one.has_logo) out += " tvg-logo=\"" + at + "/logo/" + one.id + ".png\"";
    out += " group-title=\"" + attribute(home) + "\" catchup=\"default\" catchup-days=\"" +
           std::to_string(catch_up_days) + "\" catchup-source=\"" + at + "/catchup/" + one.id +
           "/{utc}/{duration}.ts\"," + name + "\n" + at + "/channel/" + one.id + ending + "\n";
  }
  return out;
}

}  // namespace hearth::node
