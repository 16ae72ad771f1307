#include "common/net/child.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include "common/base/process.h"

namespace hearth::net {
namespace {

namespace asio = boost::asio;

class RunningChild final : public Child, public std::enable_shared_from_this<RunningChild> {
 public:
  RunningChild(Loop& loop, const PipedProcess& process)
      : pid_(process.pid),
        out_(loop.context(), process.out),
        err_(process.err),
        deadline_(loop.context()) {}
  ~RunningChild() override {
    kill();
    ::close(err_);
  }
  RunningChild(const RunningChild&) = delete;
  RunningChild& operator=(const RunningChild&) = delete;

  Task<Result<Bytes>> read(std::size_t most, std::int64_t timeout_ms) override {
    return read_from(shared_from_this(), most, timeout_ms);
  }

  void kill() override {
    if (pid_ < 0) return;
    end_process(pid_);
    pid_ = -1;
    boost::system::error_code ignored;
    out_.close(ignored);
  }

  std::string complaint(std::size_t most) override {
    std::string text(most, '\0');
    const ssize_t got = ::read(err_, text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  static Task<Result<Bytes>> read_from(std::shared_ptr<RunningChild> self, std::size_t most,
                                       std::int64_t timeout_ms) {
    if (self->pid_ < 0) co_return killed();
    auto passed = std::make_shared<bool>(false);
    self->deadline_.expires_after(std::chrono::milliseconds(timeout_ms));
    self->deadline_.async_wait(
        [weak = std::weak_ptr<RunningChild>(self), passed](const boost::system::error_code& ec) {
          const auto child = weak.lock();
          if (ec || child == nullptr) return;
          *passed = true;
          boost::system::error_code ignored;
          child->out_.cancel(ignored);
        });
    Bytes bytes(most);
    boost::system::error_code ec;
    const std::size_t got = co_await self->out_.async_read_some(
        asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
    self->deadline_.cancel();
    if (self->pid_ < 0) co_return killed();
    if (ec == asio::error::eof) co_return Bytes();
    if (ec && *passed) {
      co_return fail(Code::timeout, "The program has written nothing for a while.");
    }
    if (ec) co_return fail(Code::io, "The program cannot be read from: " + ec.message() + ".");
    bytes.resize(got);
    co_return bytes;
  }
  static tl::unexpected<Error> killed() {
    return fail(Code::interrupted, "The program was stopped.");
  }

  pid_t pid_;
  asio::posix::stream_descriptor out_;
  int err_;
  asio::steady_timer deadline_;
};

}  // namespace

Result<std::shared_ptr<Child>> Child::start(Loop& loop, const std::vector<std::string>& argv,
                                            ByteView input) {
  const auto process = spawn_piped(argv, input);
  if (!process) return pass_on(process.error());
  return std::make_shared<RunningChild>(loop, *process);
}

}  // namespace hearth::net
