// Shell completion from a program's CLI11 definition: commands, options, and the values of options
// that know theirs; paths elsewhere. The scripts need nothing but the shell itself.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace hearth::cli {

/// To be sourced, or put into share/bash-completion/completions/PROGRAM.
std::string bash_completion(const CLI::App& app, const std::string& program);
/// To be put as _PROGRAM into a directory of $fpath.
std::string zsh_completion(const CLI::App& app, const std::string& program);

}  // namespace hearth::cli
