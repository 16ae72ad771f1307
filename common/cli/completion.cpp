#include "common/cli/completion.h"

#include <algorithm>

#include "common/cli/words.h"

namespace hearth::cli {
namespace {

/// Everything a shell knows about one place on the command line.
struct Here {
  const CommandWords& command;
  const CommandWords& root;  ///< its options go everywhere
  std::vector<const OptionWords*> options() const {
    std::vector<const OptionWords*> out;
    for (const OptionWords& option : command.options) out.push_back(&option);
    if (&command == &root) return out;
    for (const OptionWords& option : root.options)
      if (option.names.back() != "--help" && option.names.back() != "--version")
        out.push_back(&option);
    return out;
  }
};

std::string function_of(std::string program) {
  std::replace(program.begin(), program.end(), '-', '_');
  return "_" + program;
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

/// Names of all options that take a value, as a pattern of `case`.
std::string with_value(const CommandWords& root) {
  std::vector<std::string> names;
  for (const CommandWords* command : flattened(root))
    for (const OptionWords& option : command->options)
      for (const std::string& name : option.names)
        if (!option.value.empty() && std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : "|") + name;
  return out.empty() ? "--" : out;
}

std::string all_paths(const CommandWords& root) {
  std::string out;
  for (const CommandWords* command : flattened(root))
    if (!command->path.empty())
      out += (out.empty() ? "" : "|") + ("\"" + joined(command->path)) + "\"";
  return out.empty() ? "\"\"" : out;
}

/// One word in single quotes, for either shell.
std::string single_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The walk over the words before the cursor, the same in both shells but for where arrays begin.
std::string find_path(const CommandWords& root, const std::string& words, const std::string& from,
                      const std::string& to) {
  return "  local place='' i word next\n"
         "  for ((i = " +
         from + "; i < " + to +
         "; i++)); do\n"
         "    word=\"${" +
         words +
         "[i]}\"\n"
         "    case \"$word\" in\n"
         "      " +
         with_value(root) +
         ") ((i++)); continue ;;\n"
         "      -*) continue ;;\n"
         "    esac\n"
         "    next=\"${place:+$place }$word\"\n"
         "    case \"$next\" in\n"
         "      " +
         all_paths(root) +
         ") place=\"$next\" ;;\n"
         "    esac\n"
         "  done\n";
}

std::string bash_values(const Here& here) {
  std::string out;
  for (const OptionWords* option : here.options()) {
    if (option->value.empty()) continue;
    std::string names;
    for (const std::string& name : option->names) names += (names.empty() ? "" : "|") + name;
    std::string reply = "COMPREPLY=()";
    if (!option->choices.empty())
      reply = "COMPREPLY=($(compgen -W '" + listed(option->choices) + "' -- \"$cur\"))";
    else if (option->takes_file)
      reply = "COMPREPLY=($(compgen -f -- \"$cur\"))";
    out += "        " + names + ") " + reply + "; return ;;\n";
  }
  return out;
}

}  // namespace

std::string bash_completion(const CLI::App& app, const std::string& program) {
  const CommandWords root = words_of(app);
  const std::string function = function_of(program);
  std::string out =
      "# Completion of " + program + " for bash.\n" + function +
      "() {\n"
      "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  COMPREPLY=()\n" +
      find_path(root, "COMP_WORDS", "1", "COMP_CWORD") +
      "  local options='' words='' files=''\n"
      "  case \"$place\" in\n";
  for (const CommandWords* command : flattened(root)) {
    const Here here{*command, root};
    std::vector<std::string> options, words;
    for (const OptionWords* option : here.options())
      for (const std::string& name : option->names) options.push_back(name);
    for (const CommandWords& below : command->commands) words.push_back(below.path.back());
    bool files = false;
    for (const OptionWords& positional : command->positionals) {
      words.insert(words.end(), positional.choices.begin(), positional.choices.end());
      files = files || positional.takes_file;
    }
    out += "    '" + joined(command->path) + "')\n      case \"$prev\" in\n" + bash_values(here) +
           "      esac\n      options='" + listed(options) + "'\n      words='" + listed(words) +
           "'\n" + (files ? "      files=yes\n" : "") + "      ;;\n";
  }
  out +=
      "  esac\n"
      "  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
      "  elif [[ $files ]]; then COMPREPLY=($(compgen -f -- \"$cur\"))\n"
      "  else COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); fi\n"
      "}\n"
      "complete -o filenames -F " +
      function + " " + program + "\n";
  return out;
}

std::string zsh_completion(const CLI::App& app, const std::string& program) {
  const CommandWords root = words_of(app);
  const auto described = [](std::string word, const std::string& help) {
    std::string text = word + ":" + help;
    return single_quoted(text);
  };
  std::string out = "#compdef " + program + "\n# Completion of " + program + " for zsh.\n" +
                    "setopt localoptions extendedglob\n" +
                    find_path(root, "words", "2", "CURRENT") +
                    "  local prev=\"${words[CURRENT-1]}\"\n"
                    "  local -a options commands values\n"
                    "  case \"$place\" in\n";
  for (const CommandWords* command : flattened(root)) {
    const Here here{*command, root};
    out += "    '" + joined(command->path) + "')\n      case \"$prev\" in\n";
    for (const OptionWords* option : here.options()) {
      if (option->value.empty()) continue;
      std::string names;
      for (const std::string& name : option->names) names += (names.empty() ? "" : "|") + name;
      std::string reply = "_message " + single_quoted(option->help);
      if (!option->choices.empty())
        reply = "values=(" + listed(option->choices) + "); compadd -a values";
      else if (option->takes_file)
        reply = "_files";
      out += "        " + names + ") " + reply + "; return ;;\n";
    }
    out += "      esac\n      options=(";
    for (const OptionWords* option : here.options())
      for (const std::string& name : option->names) out += " " + described(name, option->help);
    out += " )\n      commands=(";
    for (const CommandWords& below : command->commands)
      out += " " + described(below.path.back(), below.help);
    out += " )\n";
    for (const OptionWords& positional : command->positionals) {
      if (!positional.choices.empty())
        out += "      values+=(" + listed(positional.choices) + ")\n";
      if (positional.takes_file) out += "      _files\n";
    }
    out += "      ;;\n";
  }
  out +=
      "  esac\n"
      "  if [[ $PREFIX == -* ]]; then _describe -o option options\n"
      "  else\n"
      "    (( $#commands )) && _describe command commands\n"
      "    (( $#values )) && compadd -a values\n"
      "  fi\n";
  return out;
}

}  // namespace hearth::cli
