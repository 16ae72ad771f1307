#include "node/app/gift_prompts.h"

#include <algorithm>

#include "common/base/log.h"
#include "node/app/cli.h"
#include "node/gifts/gift_words.h"

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

}  // namespace

GiftPrompt prompt_of(const std::vector<ReceivedGift>& parcel, const std::string& from,
                     Bytes picture) {
  const ReceivedGift& first = parcel.front();
  std::uint64_t size = 0;
  for (const auto& gift : parcel) size += gift.size;
  GiftPrompt prompt;
  prompt.gift = first.id;
  prompt.headline = "A gift from " + from;
  prompt.title = first.title_name;
  const auto manifest = manifest_of(first);
  if (parcel.size() > 1) {
    prompt.title += " and " + std::to_string(parcel.size() - 1) + " more";
    prompt.details = std::to_string(parcel.size()) + " titles, " + size_text(size) + " together";
  } else if (manifest) {
    const std::int64_t minutes = (manifest->duration_ms + 30'000) / 60'000;
    prompt.details = kind_in_words(manifest->kind) +
                     (minutes > 0 ? ", " + std::to_string(minutes) + " minutes" : "") + ", " +
                     size_text(size);
  }
  prompt.note = first.words.note;
  prompt.meaning = "Accepting costs nothing. It fetches " + size_text(size) +
                   " from other homes, and tells " + from + " that you accepted.";
  prompt.picture = std::move(picture);
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
    return prompt_of(*parcel, *contact ? (*contact)->name : "a home that is no contact",
                     std::move(*picture));
  }
  return GiftPrompt();
}

void GiftPrompts::answered(const std::string& gift, GiftChoice choice) {
  shown_.clear();
  Result<void> done;
  if (choice == GiftChoice::later) {
    later_.insert(gift);
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
