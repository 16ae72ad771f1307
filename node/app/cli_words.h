// How the files cli_arguments*.cpp declare commands: a Command puts its words straight into the
// request; each topic is one declare_… function, called by declare_commands.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "node/app/cli.h"

namespace hearth::node {

/// Declares one command whose words go straight into the request.
class Command {
 public:
  Command(CLI::App& parent, Order& order, const std::string& word, const std::string& api_name,
          const std::string& help)
      : app_(parent.add_subcommand(word, help)), order_(order) {
    // A command may have commands of its own: then the inner one is meant.
    app_->parse_complete_callback([app = app_, &order, api_name] {
      if (app->get_subcommands().empty()) order.command = api_name;
    });
  }
  Command& word(const char* field, const std::string& shown, const std::string& help,
                bool required = true) {
    auto* option = app_->add_option_function<std::string>(
        shown,
        [this_order = &order_, field](const std::string& v) { this_order->arguments[field] = v; },
        help);
    if (required) option->required();
    return *this;
  }
  Command& number(const char* field, const std::string& shown, const std::string& help) {
    app_->add_option_function<std::int64_t>(
        shown, [this_order = &order_, field](std::int64_t v) { this_order->arguments[field] = v; },
        help);
    return *this;
  }
  Command& flag(const char* field, const std::string& shown, const std::string& help) {
    app_->add_flag_callback(
        shown, [this_order = &order_, field] { this_order->arguments[field] = true; }, help);
    return *this;
  }
  CLI::App* app() const { return app_; }

 private:
  CLI::App* app_;
  Order& order_;
};

inline CLI::App& group(CLI::App& app, const char* word, const char* help) {
  CLI::App* made = app.add_subcommand(word, help);
  made->require_subcommand(1);
  return *made;
}

/// A seller's terms, on publish.
void declare_terms(CLI::App& publish, Order& order, std::string& problem);
/// What a buyer wants delivered, on buy.
void declare_services(CLI::App& buy, Order& order, std::string& problem);
/// A day or a moment of this machine's zone, into `field` as UTC; a day alone begins, or `ends`.
void moment(Command& command, Order& order, std::string& problem, const char* field,
            const std::string& shown, const std::string& help, bool ends);
void declare_channels(CLI::App& app, Order& order, std::string& problem);
/// `channel`: the group that they stand in.
void declare_sharing(CLI::App& channel, Order& order);
void declare_iptv(CLI::App& app, Order& order, std::string& problem);
void declare_contacts(CLI::App& app, Order& order, std::string& problem);
void declare_rules(CLI::App& app, Order& order, std::string& problem);
void declare_gifts(CLI::App& app, Order& order, std::string& problem);
void declare_recovery(CLI::App& app, Order& order, std::string& problem);
void declare_cards(CLI::App& app, Order& order, std::string& problem);
void declare_phones(CLI::App& app, Order& order);

}  // namespace hearth::node
