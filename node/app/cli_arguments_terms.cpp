// The words that say how a title may be used: a seller's terms on publish, a buyer's wishes on buy.
#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;

/// A day in UTC: its first millisecond or its last.
void day_option(CLI::App& app, Order& order, std::string& problem, const std::string& shown,
                const char* field, bool first_moment, const std::string& help) {
  app.add_option_function<std::string>(
      shown,
      [&order, &problem, shown, field, first_moment](const std::string& date) {
        const std::int64_t end = end_of_day_ms(date);
        if (end < 0) problem = shown + " is a day, written 2027-01-31.";
        order.arguments[field] = first_moment ? end + 1 - day_ms : end;
      },
      help + ", YYYY-MM-DD (UTC)");
}

}  // namespace

void declare_terms(CLI::App& publish, Order& order, std::string& problem) {
  day_option(publish, order, problem, "--sold-until", "sold_until_ms", false, "last day of sale");
  day_option(publish, order, problem, "--not-before", "not_before_ms", true,
             "first day on which buyers can open it");
  day_option(publish, order, problem, "--redeem-until", "redeem_until_ms", false,
             "last day on which a voucher opens it; later it gives the price back");
  day_option(publish, order, problem, "--refund-until", "refund_until_ms", false,
             "last day on which an unused voucher gives the price back");
  publish.add_option_function<std::int64_t>(
      "--homes", [&order](std::int64_t homes) { order.arguments["homes"] = homes; },
      "how many homes may open it with one voucher, 1 to 16");
}

void declare_services(CLI::App& buy, Order& order, std::string& problem) {
  buy.add_option_function<std::string>(
         "--for-device",
         [&order](const std::string& kind) { order.arguments["for_device"] = kind; },
         "what it is to be shown on; a title that cannot be is not bought")
      ->check(CLI::IsMember(std::vector<std::string>{"tv", "phone", "computer", "audio", "frame"}));
  day_option(buy, order, problem, "--by", "by_ms", false,
             "if nothing of it came by the end of that day, the price is given back");
  buy.add_option_function<std::int64_t>(
      "--min-height", [&order](std::int64_t pixels) { order.arguments["min_height"] = pixels; },
      "the fewest lines that the picture may have, for example 1080");
}

}  // namespace hearth::node
