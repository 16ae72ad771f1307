#include "node/app/cli_channels.h"

#include "common/base/files.h"
#include "node/television/channel_file.h"

namespace hearth::node {

Result<std::string> import_body(const Order& order) {
  wire::Json arguments = order.arguments;
  const std::filesystem::path file = arguments.value("file", "");
  const auto bytes = read_file(file, max_channel_file);
  if (!bytes) return pass_on(bytes.error());
  arguments.erase("file");
  arguments["text"] = std::string(as_text(*bytes));
  return arguments.dump(-1, ' ', false, wire::Json::error_handler_t::replace);
}

Result<wire::Json> save_channel(wire::Json document, const std::string& file) {
  std::filesystem::path path = std::filesystem::absolute(file).lexically_normal();
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    // Named by this program alone: nothing of it leads out of the folder.
    const std::filesystem::path name = document.value("file_name", "");
    path /= name.empty()
                ? std::filesystem::path("channel-" + document.value("channel", "") + ".hearth")
                : name.filename();
  }
  const std::string text = document.value("text", "");
  auto written = write_file_atomic(path, as_bytes(text), 0644);
  if (!written) return pass_on(written.error());
  document.erase("text");
  document.erase("file_name");
  document["file"] = path.string();
  document["bytes"] = text.size();
  return document;
}

}  // namespace hearth::node
