#include <map>
#include <sstream>

#include "common/base/names.h"
#include "node/app/cli_story.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

constexpr std::size_t note_columns = 44;

std::string when_text(const Json& from, const char* field) {
  return local_text(static_cast<UtcMs>(number(from, field)));
}

/// Each made harmless for a terminal.
std::vector<std::string> lines_of(const Json& from, const char* field) {
  std::istringstream in(from.value(field, std::string()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(printable(line, 4096));
  return lines;
}

/// The first words of a note, in one line.
std::string short_note(const Json& gift) {
  const auto lines = lines_of(gift, "note");
  if (lines.empty()) return {};
  const bool longer = lines.size() > 1;
  const std::string& note = lines.front();
  std::size_t columns = 0, bytes = 0;
  while (bytes < note.size() && columns < note_columns) {
    ++columns;
    do ++bytes;
    while (bytes < note.size() && (static_cast<unsigned char>(note[bytes]) & 0xc0) == 0x80);
  }
  return note.substr(0, bytes) + (longer || bytes < note.size() ? "…" : "");
}

std::string what_text(const Json& gift, std::size_t parts) {
  if (yes(gift, "hidden")) return "a surprise";
  std::string out = text(gift, "name");
  if (out.empty()) out = "(the ledger has not told yet)";
  if (parts > 1) out += " + " + std::to_string(parts - 1) + " more";
  return out;
}

std::string home_text(const Json& gift) {
  return text(gift, "contact") + (yes(gift, "known") ? "" : " (not in your contacts)");
}

std::string state_text(const Json& gift) {
  static const std::map<std::string, std::string> words = {
      {"used_up", "used up"}, {"taking_back", "taking back"}, {"taken_back", "taken back"}};
  const std::string name = text(gift, "state");
  const auto found = words.find(name);
  std::string out = found == words.end() ? name : found->second;
  const bool open = out == "waiting" || out == "sent" || out == "delivered";
  if (open && yes(gift, "hidden")) {
    out += ", opens " + when_text(gift, "open_from_ms");
  } else if (open && number(gift, "expires_ms") != 0) {
    out += ", until " + when_text(gift, "expires_ms");
  }
  return out;
}

/// Parcels by their first part; each with the number and size of the parts that are here.
struct Shown {
  Json gift;
  std::size_t parts = 0;
  std::uint64_t size = 0;
};
std::vector<Shown> by_parcel(const Json& gifts, const std::string& direction) {
  std::vector<Shown> out;
  std::map<std::string, std::size_t> places;
  for (const auto& gift : gifts) {
    if (text(gift, "direction") != direction) continue;
    const std::string key =
        text(gift, "home") +
        (gift.contains("parcel") ? text(gift.at("parcel"), "id") : text(gift, "gift"));
    const auto [place, is_new] = places.emplace(key, out.size());
    if (is_new) out.push_back({gift, 0, 0});
    Shown& shown = out[place->second];
    shown.parts += 1;
    shown.size += number(gift, "size");
    if (gift.contains("parcel") && number(gift.at("parcel"), "part") == 1) shown.gift = gift;
  }
  return out;
}

std::string section(const Json& gifts, const std::string& direction, const char* home_heading) {
  std::vector<std::vector<std::string>> rows{
      {"GIFT", "WHAT", home_heading, "SIZE", "STATE", "NOTE"}};
  for (const Shown& shown : by_parcel(gifts, direction)) {
    const Json& gift = shown.gift;
    rows.push_back({short_text(gift, "gift"), what_text(gift, shown.parts), home_text(gift),
                    yes(gift, "hidden") ? "" : size_text(shown.size), state_text(gift),
                    short_note(gift)});
  }
  return rows.size() < 2 ? std::string() : table(rows, "");
}

std::string gifts_story(const Json& d) {
  const Json gifts = d.value("gifts", Json::array());
  const std::string received = section(gifts, "received", "FROM");
  const std::string sent = section(gifts, "sent", "TO");
  if (received.empty() && sent.empty()) return "No gifts.\n";
  std::string out;
  if (!received.empty()) out += "Received\n" + received;
  if (!received.empty() && !sent.empty()) out += "\n";
  if (!sent.empty()) out += "Sent\n" + sent;
  return out;
}

std::string sent_story(const Json& d) {
  const Json parts = d.value("gifts", Json::array());
  std::string out =
      what_text(d, parts.size()) + " for " + text(d, "to") + ": " + text(d, "state") + ".";
  if (d.contains("paid")) out += " " + text(d, "paid") + " paid, " + text(d, "balance") + " left.";
  return out + "\n";
}

std::string line(const std::string& word, const std::string& value) {
  return value.empty() ? std::string() : word + std::string(10 - word.size(), ' ') + value + "\n";
}

/// What a person decides about when it waits.
std::string accepting_text(const Json& d) {
  if (text(d, "direction") != "received" || text(d, "state") != "waiting") return {};
  const std::string who = text(d, "contact");
  if (yes(d, "hidden")) {
    return "\nIt can be opened from " + when_text(d, "open_from_ms") + " on.\n";
  }
  std::string out = "\nAccepting costs nothing. It makes the voucher yours alone, fetches " +
                    size_text(number(d, "size")) + " from other homes, and tells " + who +
                    " that you accepted:\n    hearth gift accept " + short_text(d, "gift") +
                    "\nDeclining sends it back:\n    hearth gift decline " + short_text(d, "gift") +
                    "\n";
  if (yes(d, "private")) {
    out = "\nAccepting costs nothing. It fetches " + size_text(number(d, "size")) +
          " from the giver's home, and tells " + who +
          " that you accepted:\n    hearth gift accept " + short_text(d, "gift") + "\n";
  }
  return out;
}

std::string show_story(const Json& d) {
  const Json parts = d.value("gifts", Json::array());
  const bool received = text(d, "direction") == "received";
  std::string out = line("gift", text(d, "gift")) + line(received ? "from" : "to", home_text(d)) +
                    line("state", state_text(d));
  if (!yes(d, "hidden")) {
    for (const auto& part : parts) {
      std::string what =
          text(part, "name") + ", " + text(part, "kind") + ", " + size_text(number(part, "size"));
      if (number(part, "duration_ms") != 0) {
        what += ", " + duration_text(number(part, "duration_ms"));
      }
      out += line(&part == &parts.front() ? "what" : "", what);
    }
  }
  for (const auto& words : lines_of(d, "note")) out += line("note", words);
  if (yes(d, "picture")) out += line("picture", "the TV shows it");
  out += line("opens", when_text(d, "open_from_ms"));
  out += line("until", when_text(d, "expires_ms"));
  if (number(d, "min_age") != 0) out += line("from age", text(d, "min_age"));
  if (d.contains("place")) {
    const std::string at = when_text(d.at("place"), "at_ms");
    out +=
        line("wished", "channel " + text(d.at("place"), "channel") + (at.empty() ? "" : ", " + at));
  }
  out += line(text(d, "state") == "declined" ? "because" : "reason", text(d, "reason"));
  for (const auto& words : lines_of(d, "thanks")) out += line("thanks", words);
  return out + accepting_text(d);
}

std::string answered_story(const Json& d) {
  const Json parts = d.value("gifts", Json::array());
  const Json first = parts.empty() ? d : parts.front();
  std::string out = what_text(first, parts.size()) + " is " + state_text(first) + ".";
  if (text(d, "state") == "accepted") out += " It is on its way: hearth transfers --watch.";
  return out + "\n";
}

std::string thank_story(const Json& d) {
  const Json parts = d.value("gifts", Json::array());
  return "Your thanks are on their way to " +
         (parts.empty() ? "" : text(parts.front(), "contact")) + ".\n";
}

std::string taken_back_story(const Json& d) {
  const Json parts = d.value("gifts", Json::array());
  std::string out;
  for (const auto& part : parts) {
    const bool back = text(part, "state") == "taken_back";
    out += text(part, "name") +
           (back ? " is yours again: its voucher is in the wallet.\n"
                 : " is " + state_text(part) + "; " + text(part, "contact") + " was faster.\n");
  }
  return out;
}

std::string wish_story(const Json& d) {
  return text(d, "contact") + " is asked for " + text(d, "name") + ".\n";
}

std::string wishes_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"WISH", "WHAT", "WHO", "STATE", "NOTE"}};
  for (const auto& one : d.value("wishes", Json::array())) {
    const bool sent = text(one, "direction") == "sent";
    const std::string state = yes(one, "granted") ? "granted" : sent ? "asked" : "waiting";
    rows.push_back({short_text(one, "wish"), text(one, "name"),
                    sent ? "you asked " + text(one, "contact") : text(one, "contact") + " asks you",
                    state, short_note(one)});
  }
  return table(rows, "No wishes.");
}

}  // namespace

void add_gift_stories(Stories& stories) {
  stories.insert({
      {"gift-send", sent_story},
      {"gift-grant", sent_story},
      {"gift-list", gifts_story},
      {"gift-show", show_story},
      {"gift-accept", answered_story},
      {"gift-decline", answered_story},
      {"gift-thank", thank_story},
      {"gift-take-back", taken_back_story},
      {"gift-wish", wish_story},
      {"gift-wishes", wishes_story},
  });
}

}  // namespace hearth::node
