// The home's web page as a server: who may connect (host_list.h), who is asking (phones.h), what
// may be asked (access.h), and then the same commands as on the unix socket. docs/api.md, "The
// page".
//
// Threads: loop thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/rate.h"
#include "common/net/server.h"
#include "node/api/commands.h"
#include "node/web/assets.h"
#include "node/web/card_photos.h"
#include "node/web/host_list.h"
#include "node/web/page_request.h"
#include "node/web/pictures.h"

namespace hearth::node {

struct PageOptions {
  net::Endpoint listen;
  std::vector<std::string> allow_hosts;
  std::optional<net::TlsIdentity> tls;  ///< of a certificate that browsers believe; none: HTTP
  std::filesystem::path web_root;       ///< empty: what the program carries
  std::string language = "en";          ///< that the page begins with
};

class Page {
 public:
  /// Listens at once. Code::usage, Code::io.
  static Result<std::unique_ptr<Page>> start(net::Loop& loop, Rooms& rooms, Commands& commands,
                                             PageOptions options);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  net::Task<void> stop(std::int64_t grace_ms);

 private:
  using Answer = net::Task<Result<net::Response>>;
  Page(net::Loop& loop, Rooms& rooms, Commands& commands, PageOptions options, HostList hosts);
  Result<void> listen();

  net::Task<net::Response> handle(net::Request request);
  Answer answer(Route route, net::Request request);
  std::optional<net::Response> refuse_host(const net::Request& request) const;
  Result<net::Response> file(const Route& route, const net::Request& request) const;
  Result<net::Response> pair(const net::Request& request);
  Result<net::Response> leave(const net::Request& request);
  Answer command(Route route, net::Request request, Phone phone);
  Answer picture(Route route, net::Request request, Phone phone);
  Answer card(net::Request request, Phone phone);
  /// A large body is not even read of whoever may not send it.
  std::optional<net::Response> refuse_large(const net::Request& request) const;
  Result<Phone> session_of(const net::Request& request) const;
  std::string token_of(const net::Request& request) const;
  std::string own_origin(const net::Request& request) const;
  bool is_tls() const { return options_.tls.has_value(); }
  wire::Json session_document(const Phone& phone) const;

  // page_events.cpp
  std::optional<net::Response> refuse_upgrade(const net::Request& request) const;
  net::Task<void> watch(net::Request request, std::shared_ptr<net::WebSocket> socket);
  net::Task<void> note_titles();
  net::Task<void> note_screen();

  net::Loop& loop_;
  Rooms& rooms_;
  Commands& commands_;
  const PageOptions options_;
  const HostList hosts_;
  Pictures pictures_;
  CardPhotos card_photos_;
  net::RateTable<std::string> rates_;  ///< requests of one phone
  std::size_t watching_ = 0;
  bool stopping_ = false;
  std::unique_ptr<net::Server> server_;
};

/// What every answer of the page has, refusals included.
net::Headers page_headers();

}  // namespace hearth::node
