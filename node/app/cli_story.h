// How the files cli_print*.cpp tell a command's document to a person: fields as printable text,
// tables. Each topic adds its stories to the one table in cli_print.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/app/cli.h"

namespace hearth::node {

using wire::Json;
using Stories = std::map<std::string, std::string (*)(const Json&)>;

/// Text of unknown origin for a terminal; what is not there is empty.
std::string text(const Json& from, const char* field);
std::string short_text(const Json& from, const char* field);
std::uint64_t number(const Json& from, const char* field);
bool yes(const Json& from, const char* field);
/// Rows of equal length, the first one a heading; left-aligned columns. `empty`: without rows.
std::string table(const std::vector<std::vector<std::string>>& rows, const std::string& empty);
std::string day_and_time(const Json& from, const char* field);
std::string duration_text(std::uint64_t ms);
/// As blocks; in colours when standard output is a terminal. Empty when it is too long.
std::string qr_story(const std::string& content);

void add_alarm_stories(Stories& stories);
void add_channel_stories(Stories& stories);
void add_sharing_stories(Stories& stories);
void add_contact_stories(Stories& stories);
void add_rule_stories(Stories& stories);
void add_gift_stories(Stories& stories);
void add_recovery_stories(Stories& stories);
void add_card_stories(Stories& stories);
void add_phone_stories(Stories& stories);
void add_iptv_stories(Stories& stories);

}  // namespace hearth::node
