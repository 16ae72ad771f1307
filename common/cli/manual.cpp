#include "common/cli/manual.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include <CLI/CLI.hpp>

#include "common/cli/words.h"

namespace hearth::cli {
namespace {

/// Text as roff shows it: hyphens of options as minus signs, nothing taken for a macro.
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool line_begins = i == 0 || text[i - 1] == '\n';
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

/// Paragraphs; a line that begins with blanks is an example and stays as it is.
std::string prose(const std::string& text) {
  std::istringstream lines(text);
  std::string out, line;
  bool in_example = false, gap = false;
  while (std::getline(lines, line)) {
    const bool example = line.starts_with("  ");
    if (in_example && !example) out += ".EE\n.RE\n";
    if (!in_example && example) out += ".PP\n.RS 4\n.EX\n";
    const bool ended = in_example && !example;
    in_example = example;
    if (line.empty()) {
      gap = true;
      continue;
    }
    if ((gap || ended) && !example && !out.empty()) out += ".PP\n";
    gap = false;
    out += roff(example ? line.substr(2) : line) + "\n";
  }
  return out + (in_example ? ".EE\n.RE\n" : "");
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string option_item(const OptionWords& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  if (option.names.empty())
    names = "\\fI" + roff(option.value) + "\\fR";
  else if (!option.value.empty())
    names += " \\fI" + roff(option.value) + "\\fR";
  return ".TP\n" + names + "\n" + roff(option.help.empty() ? "no help" : option.help) +
         (option.required && !option.names.empty() ? " (required)" : "") + "\n";
}

std::string synopsis(const std::string& program, const CommandWords& command) {
  std::string out = bold(program + (command.path.empty() ? "" : " " + joined(command.path)));
  for (const OptionWords& word : command.positionals) out += " \\fI" + roff(word.value) + "\\fR";
  for (const OptionWords& option : command.options) {
    if (option.names.back() == "--help") continue;
    const std::string text = bold(option.names.back()) +
                             (option.value.empty() ? "" : " \\fI" + roff(option.value) + "\\fR");
    out += option.required ? " " + text : " [" + text + "]";
  }
  return out + "\n";
}

std::string commands_section(const std::string& program, const CommandWords& root) {
  std::string out;
  for (const CommandWords* command : flattened(root)) {
    if (command->path.empty() || !command->commands.empty()) continue;
    out += ".SS " + roff(joined(command->path)) + "\n" + synopsis(program, *command) + ".PP\n" +
           roff(command->help) + ".\n";
    for (const OptionWords& word : command->positionals) out += option_item(word);
    for (const OptionWords& option : command->options)
      if (option.names.back() != "--help") out += option_item(option);
  }
  return out;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::string manual_page(const CLI::App& app, const Manual& manual) {
  const CommandWords root = words_of(app);
  std::string out = ".TH " + upper(manual.program) + " " + std::to_string(manual.section) + " " +
                    manual.date + " \"Hearth " HEARTH_VERSION "\" Hearth\n";
  out += ".SH NAME\n" + roff(manual.program) + " \\- " + roff(manual.summary) + "\n";
  out += ".SH SYNOPSIS\n" + bold(manual.program) + " [\\fIOPTION\\fR ...]";
  if (!root.commands.empty()) out += " \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]";
  for (const OptionWords& word : root.positionals) out += " \\fI" + roff(word.value) + "\\fR";
  out += "\n.SH DESCRIPTION\n" + prose(manual.about);
  out += ".SH OPTIONS\n";
  for (const OptionWords& option : root.options) out += option_item(option);
  if (!root.commands.empty()) out += ".SH COMMANDS\n" + commands_section(manual.program, root);
  for (const auto& [heading, text] : manual.sections)
    out += ".SH " + upper(heading) + "\n" + prose(text);
  if (!manual.see_also.empty()) {
    out += ".SH SEE ALSO\n";
    for (std::size_t i = 0; i < manual.see_also.size(); ++i) {
      const std::string& page = manual.see_also[i];
      const std::size_t open = page.find('(');
      out += ".BR " + roff(page.substr(0, open)) + " " + page.substr(open) +
             (i + 1 < manual.see_also.size() ? " ,\n" : "\n");
    }
  }
  return out;
}

void offer_manual(CLI::App& app, Manual manual) {
  const auto print = [&app, manual = std::move(manual)] {
    std::fputs(manual_page(app, manual).c_str(), stdout);
    throw CLI::Success();
  };
  app.add_flag_callback("--manual", print, "print the manual page")->group("");
}

}  // namespace hearth::cli
