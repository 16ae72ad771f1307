#include "common/base/log.h"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include "common/base/names.h"

namespace hearth {
namespace {

constexpr std::size_t max_line = 4096;

std::string_view text_of(const spdlog::string_view_t& view) {
  return {view.data(), view.size()};
}

void append_text(spdlog::memory_buf_t& out, const std::string& text) {
  out.append(text.data(), text.data() + text.size());
}

/// %*: the message as one JSON string.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const nlohmann::json text = text_of(message.payload).substr(0, max_line);
    append_text(out, text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }
};

/// %*: the message without anything that would steer a terminal.
class PlainMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    append_text(out, printable(text_of(message.payload), max_line));
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PlainMessage>();
  }
};

template <class Message>
std::unique_ptr<spdlog::formatter> formatter(const std::string& pattern,
                                             spdlog::pattern_time_type time) {
  auto out = std::make_unique<spdlog::pattern_formatter>(time);
  out->add_flag<Message>('*').set_pattern(pattern);
  return out;
}

}  // namespace

void init_log(std::string_view program, std::string_view level) {
  const std::string name(program);
  std::shared_ptr<spdlog::logger> logger;
  if (isatty(STDERR_FILENO) != 0) {
    logger = std::make_shared<spdlog::logger>(
        name, std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_formatter(
        formatter<PlainMessage>("%H:%M:%S %^%-5l%$ %n: %*", spdlog::pattern_time_type::local));
  } else {
    logger =
        std::make_shared<spdlog::logger>(name, std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_formatter(formatter<JsonMessage>(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","program":"%n","message":%*})",
        spdlog::pattern_time_type::utc));
  }
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace hearth
