#include "ledger/access/devices.h"

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t version = 1;

Bytes key_of(const identity::HomeAddress& home) {
  return Writer().raw(as_bytes("home/devices/")).raw(home.key).take();
}

}  // namespace

Result<std::optional<DeviceList>> load_devices(const store::View& view,
                                               const identity::HomeAddress& home) {
  const auto value = view.get(key_of(home));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<DeviceList>();
  Reader in(**value);
  const bool is_known = in.u8() == version;
  DeviceList out;
  out.issued_ms = in.i64();
  const std::size_t count = in.u8();
  for (std::size_t i = 0; i < count && in.ok(); ++i) out.devices.push_back(in.fixed<16>());
  if (is_known && in.done() && count <= max_devices) return std::optional(std::move(out));
  return fail(Code::corrupt,
              "A home's list of devices is damaged in the ledger's store. Nothing was charged; "
              "the home can send its list again.");
}

store::Batch put_devices(const identity::HomeAddress& home, const DeviceList& list) {
  Writer out;
  out.u8(version).i64(list.issued_ms).u8(static_cast<std::uint8_t>(list.devices.size()));
  for (const DeviceId& device : list.devices) out.raw(device);
  store::Batch batch;
  batch.put(key_of(home), out.view());
  return batch;
}

}  // namespace hearth::ledger
