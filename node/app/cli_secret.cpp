#include "node/app/cli_secret.h"

#include <iostream>

#include <termios.h>
#include <unistd.h>

namespace hearth::node {
namespace {

/// The terminal does not show what is typed while this lives.
class Unseen {
 public:
  Unseen() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Unseen() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

std::optional<std::string> ask_secret(const std::string& prompt) {
  if (::isatty(STDIN_FILENO) == 0) return std::nullopt;
  std::cerr << prompt << std::flush;
  std::string typed;
  bool ended = false;
  {
    const Unseen unseen;
    ended = !std::getline(std::cin, typed);
  }
  std::cerr << '\n';
  if (ended) return std::nullopt;
  return typed;
}

Result<std::string> ask_new_pin() {
  const auto first = ask_secret("New PIN, 4 to 12 digits: ");
  if (!first) {
    return fail(Code::usage,
                "Which PIN? Give it with --new, or at a terminal. Nothing was changed.");
  }
  const auto second = ask_secret("Once more: ");
  if (second == first) return *first;
  return fail(Code::usage, "The two were not the same. Nothing was changed.");
}

}  // namespace hearth::node
