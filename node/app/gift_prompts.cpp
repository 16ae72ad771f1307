#include "node/app/gift_prompts.h"

#include <algorithm>

#include "common/base/log.h"
#include "node/app/cli.h"
#include "node/gifts/gift_words.h"
#include "node/rules/local_time.h"

namespace hearth::node {
namespace {

constexpr int failure_seconds = 12;

std::string kind_in_words(wire::Kind kind) {
  switch (kind) {
    case wire::Kind::video:
      return "Film";
    case wire::Kind::audio:
      return "Music";
    case wire::Kind::image:
      return "Picture";
    case wire::Kind::data:
      break;
  }
  return "Document";
}

std::string minutes_in_words(std::int64_t minutes) {
  return minutes == 1 ? "1 minute" : std::to_string(minutes) + " minutes";
}

/// What saying yes brings about, and until when it can be said.
std::string meaning_of(const GiftWords& words, std::uint64_t size, const std::string& who) {
  std::string out = "Accepting costs nothing. It fetches " + size_text(size) +
                    " from other homes, and tells " + who + " that you accepted.";
  if (!words.channel.empty()) {
    out += " It is for the channel " + words.channel;
    if (words.place_ms != 0) out += ", " + local_text(words.place_ms);
    out += ".";
  }
  if (words.expires_ms != 0) out += " It waits until " + local_text(words.expires_ms) + ".";
  return out;
}

}  // namespace

GiftPrompt prompt_of(const SharedIn& channel, const std::string& from) {
  GiftPrompt prompt;
  prompt.gift = channel.id;
  prompt.headline = "A channel from " + from;
  prompt.title = channel.name;
  prompt.details = channel.items == 1 ? "One title" : std::to_string(channel.items) + " titles";
  prompt.note = channel.note;
  prompt.meaning =
      "Accepting costs nothing: what is for sale on it is bought only if you give it "
      "a budget. It tells " +
      from + " that you accepted.";
  return prompt;
}

std::string giver_headline(const std::string& who, bool is_contact) {
  if (who.empty()) return "A gift from a home that is no contact";
  return "A gift from " + who + (is_contact ? "" : ", who is no contact");
}

GiftPrompt prompt_of(const std::vector<ReceivedGift>& parcel, const Contact* contact,
                     Bytes picture) {
  const ReceivedGift& first = parcel.front();
  std::uint64_t size = 0;
  for (const auto& gift : parcel) size += gift.size;
  GiftPrompt prompt;
  prompt.gift = first.id;
  const std::string who = contact != nullptr ? contact->name : name_on_card(first.from_card);
  prompt.headline = giver_headline(who, contact != nullptr);
  prompt.title = first.title_name;
  const auto manifest = manifest_of(first);
  if (parcel.size() > 1) {
    prompt.title += " and " + std::to_string(parcel.size() - 1) + " more";
    prompt.details = std::to_string(parcel.size()) + " titles, " + size_text(size) + " together";
  } else if (manifest) {
    const std::int64_t minutes = (manifest->duration_ms + 30'000) / 60'000;
    prompt.details = kind_in_words(manifest->kind) +
                     (minutes > 0 ? ", " + minutes_in_words(minutes) : "") + ", " + size_text(size);
  }
  prompt.note = first.words.note;
  prompt.meaning = meaning_of(first.words, size, who.empty() ? "that home" : who);
  prompt.picture = std::move(picture);
  // The giver chose none: then the title's own.
  if (prompt.picture.empty() && manifest) prompt.picture = manifest->poster;
  return prompt;
}

GiftPrompts::GiftPrompts(Gifts& gifts, Contacts& contacts, Screen& screen, Shows shows)
    : gifts_(gifts), contacts_(contacts), screen_(screen), shows_(std::move(shows)) {
  screen_.on_gifts_wanted([this] {
    later_.clear();
    shown_.clear();
    show();
  });
  screen_.on_answer([this](const std::string& gift, GiftChoice choice) { answered(gift, choice); });
}

void GiftPrompts::show() {
  const auto prompt = next();
  if (!prompt) {
    spdlog::warn("gifts: the TV is not asked: {}", prompt.error().sentence);
    return;
  }
  if (prompt->gift == shown_) return;
  shown_ = prompt->gift;
  screen_.ask_gift(*prompt);
}

Result<GiftPrompt> GiftPrompts::next() const {
  const UtcMs now = now_ms();
  const auto briefs = gifts_.store().briefs();
  if (!briefs) return pass_on(briefs.error());
  for (const auto& brief : *briefs) {
    const bool asks = brief.state == ReceivedState::waiting && !brief.needs_offer &&
                      now >= brief.opens_ms && !later_.contains(brief.id);
    if (!asks) continue;
    auto parcel = gifts_.store().find_received(brief.id);
    if (!parcel) return pass_on(parcel.error());
    std::erase_if(*parcel, [](const auto& gift) { return gift.state != ReceivedState::waiting; });
    bool shown = true;
    for (const auto& gift : *parcel) {
      const auto shows = shows_(gift);
      if (!shows) return pass_on(shows.error());
      shown = shown && *shows;
    }
    if (!shown) continue;
    const bool put_off = std::any_of(parcel->begin(), parcel->end(),
                                     [&](const auto& gift) { return later_.contains(gift.id); });
    if (parcel->empty() || put_off || parcel->front().quiet) continue;
    // A parcel whose parts are still arriving is asked about when it is whole.
    if (parcel->size() < parcel->front().words.parts) continue;
    const auto contact = contacts_.by_home(parcel->front().from);
    if (!contact) return pass_on(contact.error());
    auto picture = gifts_.store().picture(parcel->front().id);
    if (!picture) return pass_on(picture.error());
    return prompt_of(*parcel, *contact ? &**contact : nullptr, std::move(*picture));
  }
  if (also_.next) return also_.next(later_);
  return GiftPrompt();
}

void GiftPrompts::answered(const std::string& gift, GiftChoice choice) {
  shown_.clear();
  Result<void> done;
  const bool is_gift = gifts_.store().find_received(gift).has_value();
  if (choice == GiftChoice::later) {
    later_.insert(gift);
  } else if (!is_gift && also_.answered) {
    done = also_.answered(gift, choice == GiftChoice::accept);
  } else if (choice == GiftChoice::accept) {
    const auto accepted = gifts_.accept(gift, now_ms());
    if (!accepted) done = pass_on(accepted.error());
  } else {
    const auto declined = gifts_.decline(gift, {}, now_ms());
    if (!declined) done = pass_on(declined.error());
  }
  if (!done) {
    later_.insert(gift);
    screen_.notify("That did not work", done.error().sentence, failure_seconds);
  }
  show();
}

}  // namespace hearth::node
