#include "common/wire/document_fields.h"

namespace hearth::wire {

Json with_issued(Json fields, UtcMs now) {
  fields["issued_ms"] = now;
  return fields;
}

Result<void> check_fresh(const Json& payload, UtcMs now) {
  Fields fields(payload, "request");
  const UtcMs issued_ms = time_field(fields, "issued_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (issued_ms < now - request_freshness_ms || issued_ms > now + request_freshness_ms) {
    return fail(Code::stale_request,
                "The request was made more than five minutes ago or in the future. Nothing was "
                "done or charged; check the clocks of both machines, then try again.");
  }
  return {};
}

}  // namespace hearth::wire
