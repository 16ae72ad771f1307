#include "ledger/cli/run.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <signal.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/base/files.h"
#include "common/cli/completion.h"
#include "common/wire/shown.h"
#include "ledger/admin/backup.h"
#include "ledger/cli/road.h"
#include "ledger/cli/text.h"
#include "ledger/operators/key_file.h"

namespace hearth::ledger {
namespace {

namespace fs = std::filesystem;
using wire::Json;

constexpr std::size_t max_verified_file = 200 * 1024;

volatile sig_atomic_t interrupted = 0;
void on_interrupt(int) {
  interrupted = 1;
}

int report(const Error& error, bool json) {
  if (json) std::printf("%s\n", wire::failure_document(error).dump().c_str());
  std::fprintf(stderr, "hearth-ledger: %s\n", error.sentence.c_str());
  return error.code == Code::usage ? 2 : 1;
}

/// Everything of it, or an error: a full disk or a closed pipe is no success.
Result<void> print(const std::string& text) {
  std::cout << text << std::flush;
  if (!std::cout)
    return fail(Code::io, "The output could not be written to its end; nothing else is affected.");
  return {};
}

int show(const std::string& command, const Json& document, bool json) {
  const auto printed =
      print(json ? document.dump(2) + "\n" : as_text_for_people(command, document));
  return printed ? 0 : report(printed.error(), false);
}

/// A new file next to its final place, named when it is complete.
class NewFile {
 public:
  static Result<NewFile> create(const fs::path& path) {
    std::error_code ignored;
    if (fs::exists(path, ignored))
      return fail(Code::already_initialised,
                  path.string() + " is there already and was left as it is.");
    NewFile file;
    file.path_ = path;
    file.out_.open(file.partial(), std::ios::binary | std::ios::trunc);
    if (!file.out_) return fail(Code::io, "The file " + path.string() + " cannot be made.");
    return file;
  }
  Result<void> write(const std::string& text) {
    if (out_ << text) return {};
    return fail(Code::disk_full, "Writing " + path_.string() + " failed; is the disk full?");
  }
  Result<void> finish() {
    out_.close();
    std::error_code ec;
    if (out_) fs::rename(partial(), path_, ec);
    if (!out_ || ec) return fail(Code::io, "Writing " + path_.string() + " failed.");
    finished_ = true;
    return {};
  }
  NewFile(NewFile&& other) noexcept
      : path_(std::move(other.path_)), out_(std::move(other.out_)), finished_(other.finished_) {
    other.finished_ = true;
  }
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile() {
    std::error_code ignored;
    if (!finished_) fs::remove(partial(), ignored);
  }

 private:
  NewFile() = default;
  fs::path partial() const { return path_.string() + ".partial"; }
  fs::path path_;
  std::ofstream out_;
  bool finished_ = false;
};

/// The books, chunk by chunk, to a file or to standard output.
int run_export(Road& road, const Invocation& invocation) {
  std::optional<NewFile> file;
  if (!invocation.out.empty()) {
    auto made = NewFile::create(invocation.out);
    if (!made) return report(made.error(), invocation.json);
    file.emplace(std::move(*made));
  }
  Order order = invocation.order;
  do {
    const auto chunk = road.ask(order);
    if (!chunk) return report(chunk.error(), invocation.json && file);
    const std::string text = chunk->value("text", "");
    const auto written = file ? file->write(text) : print(text);
    if (!written) return report(written.error(), invocation.json && file);
    order.args["cursor"] = chunk->value("next", "");
  } while (order.args["cursor"] != "");
  if (!file) return 0;
  if (auto done = file->finish(); !done) return report(done.error(), invocation.json);
  const Json document{{"file", fs::absolute(invocation.out).string()}};
  if (invocation.json) return show("export", document, true);
  return 0;
}

int run_watch(Road& road, const Invocation& invocation) {
  ::signal(SIGINT, on_interrupt);
  const bool drawn = ::isatty(STDOUT_FILENO) != 0;
  auto before = road.ask(invocation.order);
  if (!before) return report(before.error(), invocation.json);
  while (interrupted == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(invocation.every_ms));
    auto now = road.ask(invocation.order);
    if (!now) return report(now.error(), invocation.json);
    try {
      const std::string text =
          invocation.json ? watch_document(*before, *now).dump() + "\n" : watch_text(*before, *now);
      const auto printed = print((drawn && !invocation.json ? "\033[H\033[2J" : "") + text);
      if (!printed) return 0;  // whoever looked has gone
    } catch (const Json::exception&) {
      return report({Code::bad_answer, "The ledger and this program are of different versions."},
                    invocation.json);
    }
    before = std::move(now);
  }
  return 0;
}

int run_keygen(const Invocation& invocation) {
  const auto key = make_operator_key_file(invocation.file);
  if (!key) return report(key.error(), invocation.json);
  const std::string text = operator_key_text(key->public_key());
  if (invocation.json)
    return show("keygen", {{"key", text}, {"file", fs::absolute(invocation.file).string()}}, true);
  const auto printed = print(text + "\n");
  return printed ? 0 : report(printed.error(), false);
}

int run_restore(const Invocation& invocation) {
  if (!invocation.connect.empty())
    return report({Code::usage, "A backup is restored at the ledger itself, not over --connect."},
                  invocation.json);
  const LedgerDir dir{
      fs::absolute(data_dir(invocation.data, "HEARTH_LEDGER_HOME", "hearth-ledger"))};
  std::optional<fs::path> keys_from;
  if (!invocation.keys_from.empty()) keys_from = fs::absolute(invocation.keys_from);
  const auto facts = restore_backup(fs::absolute(invocation.file), keys_from, dir, show_progress);
  if (!facts) return report(facts.error(), invocation.json);
  return show("restore",
              {{"dir", dir.root.string()},
               {"made_ms", facts->made_ms},
               {"records", facts->records},
               {"root", to_hex(facts->root)},
               {"keys", keys_from.has_value()}},
              invocation.json);
}

int run_local(CLI::App& app, const Invocation& invocation) {
  Result<void> printed;
  switch (invocation.local) {
    case Local::keygen:
      return run_keygen(invocation);
    case Local::restore:
      return run_restore(invocation);
    case Local::completion:
      printed = print(invocation.shell == "bash" ? cli::bash_completion(app, "hearth-ledger")
                                                 : cli::zsh_completion(app, "hearth-ledger"));
      break;
    case Local::none:
      break;
  }
  return printed ? 0 : report(printed.error(), false);
}

/// A checkpoint for other programs is the note alone, byte for byte.
int write_note(const Json& document, const Invocation& invocation) {
  auto file = NewFile::create(invocation.out);
  if (!file) return report(file.error(), invocation.json);
  auto done = file->write(document.value("note", ""));
  if (done) done = file->finish();
  if (!done) return report(done.error(), invocation.json);
  return invocation.json ? show("checkpoint", document, true) : 0;
}

int run_order(Invocation& invocation) {
  if (invocation.order.command == "verify") {
    const auto bytes = read_file(invocation.file, max_verified_file);
    if (!bytes) return report(bytes.error(), invocation.json);
    invocation.order.args["text"] = std::string(as_text(*bytes));
  }
  try {
    (void)invocation.order.args.dump();
  } catch (const Json::exception&) {
    return report({Code::usage, "An argument is not valid UTF-8. Nothing was done."},
                  invocation.json);
  }
  auto road = open_road(invocation);
  if (!road) return report(road.error(), invocation.json);
  if (invocation.watch) return run_watch(**road, invocation);
  if (invocation.order.command == "export") return run_export(**road, invocation);
  const auto document = (*road)->ask(invocation.order);
  if (!document) return report(document.error(), invocation.json);
  if (invocation.order.command == "checkpoint" && !invocation.out.empty())
    return write_note(*document, invocation);
  return show(invocation.order.command, *document, invocation.json);
}

}  // namespace

int run_hearth_ledger(int argc, char** argv) {
  CLI::App app("The operator's command line of a Hearth ledger", "hearth-ledger");
  Invocation invocation;
  declare_arguments(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!invocation.problem.empty())
    return report({Code::usage, invocation.problem}, invocation.json);
  if (invocation.local != Local::none) return run_local(app, invocation);
  return run_order(invocation);
}

}  // namespace hearth::ledger
