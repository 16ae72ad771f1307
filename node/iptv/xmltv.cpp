#include "node/iptv/xmltv.h"

#include <algorithm>

#include "common/base/names.h"
#include "node/channels/civil.h"

namespace hearth::node {
namespace {

constexpr std::int64_t second_ms = 1000, seconds_a_day = 24 * 3600;

/// Needs neither escaping nor a look at UTF-8.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '&' && c != '<' && c != '>' && c != '"';
}

/// C1 controls, and U+FFFE, U+FFFF: no text has them, and validators complain.
bool is_strange(std::string_view rest) {
  const auto byte = [&](std::size_t i) {
    return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U;
  };
  if (byte(0) == 0xc2) return byte(1) < 0xa0;
  return byte(0) == 0xef && byte(1) == 0xbf && byte(2) >= 0xbe;
}

void append_digits(std::string& out, std::int64_t value, int digits) {
  char text[8];
  for (int i = digits - 1; i >= 0; --i, value /= 10) text[i] = static_cast<char>('0' + value % 10);
  out.append(text, static_cast<std::size_t>(digits));
}

std::int64_t seconds_of(UtcMs at) {
  return at / second_ms - (at % second_ms < 0 ? 1 : 0);
}

}  // namespace

void append_xml(std::string& out, std::string_view text) {
  const std::size_t plain =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
  out += text.substr(0, plain);
  if (plain == text.size()) return;
  const std::string clean =
      is_utf8(text) ? std::string(text.substr(plain)) : printable(text.substr(plain), text.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += ' ';
    } else if (is_strange(std::string_view(clean).substr(i))) {
      out += ' ';
      i += c == '\xc2' ? 1 : 2;
    } else {
      out += c;
    }
  }
}

std::string xmltv_id(std::string_view channel) {
  return std::string(channel) + ".hearth";
}

XmltvWriter::XmltvWriter(std::string_view home, const std::vector<ListedChannel>& channels,
                         std::string_view base) {
  out_ =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n"
      "<tv source-info-name=\"";
  append_xml(out_, home);
  out_ += "\" generator-info-name=\"Hearth " HEARTH_VERSION "\">\n";
  for (const ListedChannel& channel : channels) {
    out_ += "<channel id=\"" + xmltv_id(channel.id) + "\"><display-name>";
    append_xml(out_, channel.name);
    out_ += "</display-name><display-name>" + std::to_string(channel.number) + "</display-name>";
    if (channel.has_logo) {
      out_ += "<icon src=\"";
      append_xml(out_, base);
      out_ += "/logo/" + channel.id + ".png\"/>";
    }
    out_ += "</channel>\n";
  }
}

void XmltvWriter::add_time(UtcMs at) {
  const std::int64_t seconds = seconds_of(at);
  const std::int64_t in_day = (seconds % seconds_a_day + seconds_a_day) % seconds_a_day;
  const std::int64_t day = (seconds - in_day) / seconds_a_day;
  if (day != day_) {
    date_.clear();
    for (const char c : channels::format_day(static_cast<channels::Day>(day))) {
      if (c != '-') date_ += c;
    }
    day_ = day;
  }
  out_ += date_;
  append_digits(out_, in_day / 3600, 2);
  append_digits(out_, in_day / 60 % 60, 2);
  append_digits(out_, in_day % 60, 2);
  out_ += " +0000";
}

void XmltvWriter::add(const ListedChannel& channel,
                      const std::vector<ListedProgramme>& programmes) {
  const std::string of = "\" channel=\"" + xmltv_id(channel.id) + "\"><title>";
  for (const ListedProgramme& one : programmes) {
    if (seconds_of(one.start) >= seconds_of(one.end)) continue;  // the next one begins then, too
    out_ += "<programme start=\"";
    add_time(one.start);
    out_ += "\" stop=\"";
    add_time(one.end);
    out_ += of;
    append_xml(out_, one.title.empty() ? channel.name : one.title);
    out_ += "</title>";
    if (one.about.find_first_not_of(" \t\r\n") != std::string::npos) {
      out_ += "<desc>";
      append_xml(out_, one.about);
      out_ += "</desc>";
    }
    if (one.min_age > 0)
      out_ += "<rating system=\"age\"><value>" + std::to_string(one.min_age) + "</value></rating>";
    out_ += "</programme>\n";
  }
}

std::string XmltvWriter::finish() {
  out_ += "</tv>\n";
  return std::move(out_);
}

}  // namespace hearth::node
