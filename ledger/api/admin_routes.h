// POST /admin/<command> on the admin socket: run_admin() on a pool thread.
#pragma once

#include <memory>

#include "common/net/http.h"
#include "common/net/task.h"
#include "ledger/admin/admin.h"

namespace hearth::ledger {

net::Task<net::Response> handle_admin_request(net::Pool& pool,
                                              std::shared_ptr<AdminContext> context,
                                              net::Request request);

}  // namespace hearth::ledger
