#include "common/net/streams.h"

#include <chrono>

#include <openssl/ssl.h>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/crypto/secret.h"
#include "common/net/tls_pin.h"

namespace hearth::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

/// What a connection expects of the server, and what came of it. Lives as long as the SSL object.
struct PinCheck {
  identity::TlsPin pin{};
  bool mismatch = false;
};

void free_pin_check(void*, void* check, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<PinCheck*>(check);
}

int pin_check_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_pin_check);
  return index;
}

PinCheck* pin_check_of(SSL* connection) {
  return static_cast<PinCheck*>(SSL_get_ex_data(connection, pin_check_index()));
}

/// Replaces OpenSSL's check of the chain: names, dates and issuers mean nothing here, the key is
/// everything. That the server has the private key is checked by the handshake itself.
int check_certificate(X509_STORE_CTX* store, void*) {
  auto* connection =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  PinCheck* check = connection != nullptr ? pin_check_of(connection) : nullptr;
  const X509* certificate = X509_STORE_CTX_get0_cert(store);
  if (check == nullptr || certificate == nullptr) return 0;
  const auto pin = pin_of(certificate);
  check->mismatch = !pin || !crypto::equal(*pin, check->pin);
  if (check->mismatch) X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return check->mismatch ? 0 : 1;
}

void restrict_to_tls13(SSL_CTX* context) {
  HEARTH_ASSERT(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
  HEARTH_ASSERT(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // a record's header and body in one read
}

}  // namespace

Result<std::shared_ptr<ssl::context>> server_context(const TlsIdentity& identity) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  restrict_to_tls13(context->native_handle());
  SSL_CTX_set_num_tickets(context->native_handle(), 0);
  error_code ec;
  context->use_certificate_chain(asio::buffer(identity.certificate_pem), ec);
  if (!ec) context->use_private_key(asio::buffer(identity.key_pem), ssl::context::pem, ec);
  if (ec) {
    return fail(Code::corrupt, "The TLS key or certificate cannot be used (" + ec.message() +
                                   "). Restore tls.key and tls.crt from a backup.");
  }
  return context;
}

ssl::context& client_context() {
  static ssl::context* const context = [] {
    auto* made = new ssl::context(ssl::context::tls_client);
    restrict_to_tls13(made->native_handle());
    SSL_CTX_set_verify(made->native_handle(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(made->native_handle(), check_certificate, nullptr);
    return made;
  }();
  return *context;
}

void expect_pin(TlsStream& stream, const identity::TlsPin& pin) {
  SSL* connection = stream.native_handle();
  HEARTH_ASSERT(pin_check_of(connection) == nullptr);
  HEARTH_ASSERT(SSL_set_ex_data(connection, pin_check_index(), new PinCheck{pin}) == 1);
}

bool pin_mismatch(TlsStream& stream) {
  const PinCheck* check = pin_check_of(stream.native_handle());
  return check != nullptr && check->mismatch;
}

constexpr std::chrono::milliseconds repeat_after{200};

struct Deadline::State {
  explicit State(PlainStream& s) : stream(&s), timer(s.get_executor()) {}
  PlainStream* stream;  ///< null once the Deadline is gone
  asio::steady_timer timer;
  steady_clock::time_point at = steady_clock::time_point::max();
  steady_clock::time_point armed_for = steady_clock::time_point::max();
  bool passed = false;
};

Deadline::Deadline(PlainStream& stream) : state_(std::make_shared<State>(stream)) {}

Deadline::~Deadline() {
  state_->stream = nullptr;
  state_->timer.cancel();
}

void Deadline::set(std::int64_t ms) {
  state_->passed = false;
  state_->at = steady_clock::now() + std::chrono::milliseconds(ms);
  // A timer that ends earlier than it should is set again then: most deadlines only move on.
  if (state_->armed_for > state_->at) wait(state_);
}

void Deadline::clear() {
  state_->passed = false;
  state_->at = steady_clock::time_point::max();
}

bool Deadline::passed() const {
  return state_->passed;
}

void Deadline::wait(const std::shared_ptr<State>& state) {
  state->armed_for = state->at;
  state->timer.expires_at(state->at);
  state->timer.async_wait([state, armed_for = state->at](error_code ec) {
    if (ec || state->stream == nullptr || state->armed_for != armed_for) return;
    state->armed_for = steady_clock::time_point::max();
    if (state->at == steady_clock::time_point::max()) return;
    if (steady_clock::now() < state->at) {
      wait(state);
      return;
    }
    state->passed = true;
    state->stream->cancel();
    // What was just between two reads missed that; it is told again until someone reacts.
    state->at = steady_clock::now() + repeat_after;
    wait(state);
  });
}

}  // namespace hearth::net
