// Named places at which a test may kill the process, to show that every step survives it.
// With HEARTH_CRASH_AT=name in the environment, reaching that name raises SIGKILL; with
// HEARTH_CRASH_AT=name:3 the third time. Otherwise one comparison of a null pointer.
#pragma once

namespace hearth {
/// `name` is "room.step.when", e.g. "wallet.purchase.before_send". All are in docs/testing.md.
void crash_point(const char* name);
}
