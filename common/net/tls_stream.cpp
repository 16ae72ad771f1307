#include "common/net/tls_stream.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "common/base/assert.h"

namespace hearth::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

int bounded(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

/// So that what is found after a call is of that call.
void forget_errors() {
  ERR_clear_error();
  errno = 0;
}

}  // namespace

void TlsStream::FreeSsl::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

TlsStream::TlsStream(PlainStream plain, asio::ssl::context& context)
    : plain_(std::move(plain)), ssl_(SSL_new(context.native_handle())) {
  HEARTH_ASSERT(ssl_ != nullptr);
}

/// OpenSSL knows the descriptor by its number, which may be somebody else's after a close.
bool TlsStream::closed() {
  return !plain_.socket().is_open();
}

bool TlsStream::holds_bytes() const {
  return SSL_has_pending(ssl_.get()) == 1;
}

TlsStream::Step TlsStream::handshake_step(Side side) {
  if (closed()) return {Step::Next::done, asio::error::operation_aborted, 0};
  if (SSL_get_fd(ssl_.get()) < 0) {
    error_code ec;
    plain_.socket().native_non_blocking(true, ec);
    if (ec) return {Step::Next::done, ec, 0};
    HEARTH_ASSERT(SSL_set_fd(ssl_.get(), plain_.socket().native_handle()) == 1);
  }
  forget_errors();
  return judge(side == Side::server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get()));
}

TlsStream::Step TlsStream::shutdown_step() {
  if (closed()) return {Step::Next::done, asio::error::operation_aborted, 0};
  forget_errors();
  int result = SSL_shutdown(ssl_.get());
  if (result == 0) result = SSL_shutdown(ssl_.get());
  return judge(result);
}

TlsStream::Step TlsStream::read_step(asio::mutable_buffer buffer) {
  if (closed()) return {Step::Next::done, asio::error::operation_aborted, 0};
  if (buffer.size() == 0) return {};
  forget_errors();
  return judge(SSL_read(ssl_.get(), buffer.data(), bounded(buffer.size())));
}

TlsStream::Step TlsStream::write_step(asio::const_buffer buffer) {
  if (closed()) return {Step::Next::done, asio::error::operation_aborted, 0};
  if (buffer.size() == 0) return {};
  forget_errors();
  return judge(SSL_write(ssl_.get(), buffer.data(), bounded(buffer.size())));
}

std::size_t TlsStream::write_now(asio::const_buffer buffer, error_code& ec) {
  const Step step = write_step(buffer);
  ec = step.ec;
  return step.bytes;
}

TlsStream::Step TlsStream::judge(int result) {
  const int system_error = errno;
  if (result > 0) return {Step::Next::done, {}, static_cast<std::size_t>(result)};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Step::Next::when_readable, {}, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Step::Next::when_writable, {}, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Step::Next::done, asio::error::eof, 0};
    case SSL_ERROR_SYSCALL:
      if (system_error == 0) return {Step::Next::done, asio::ssl::error::stream_truncated, 0};
      return {Step::Next::done, error_code(system_error, boost::system::system_category()), 0};
    default:
      break;
  }
  const unsigned long error = ERR_get_error();
  if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {Step::Next::done, asio::ssl::error::stream_truncated, 0};
  }
  return {Step::Next::done, error_code(static_cast<int>(error), asio::error::get_ssl_category()),
          0};
}

/// Only Beast's blocking calls come here, and none is used.
void teardown(boost::beast::role_type, TlsStream& stream, error_code& ec) {
  stream.next_layer().socket().close(ec);
}

}  // namespace hearth::net
