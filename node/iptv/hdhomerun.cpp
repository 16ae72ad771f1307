#include "node/iptv/hdhomerun.h"

#include <array>
#include <cstdio>

#include "common/base/codec.h"
#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "common/wire/json.h"
#include "node/iptv/xmltv.h"

namespace hearth::node {
namespace {

constexpr std::uint16_t type_discover_request = 2, type_discover_reply = 3;
constexpr std::uint8_t tag_device_type = 0x01, tag_device_id = 0x02, tag_tuner_count = 0x10,
                       tag_lineup_url = 0x27, tag_base_url = 0x2a;
constexpr std::uint32_t type_tuner = 1, wildcard = 0xffffffff;
constexpr std::size_t max_packet = 1460, head_bytes = 4, crc_bytes = 4, max_short = 127;
// What clients know: a tuner whose channels are a plain list of addresses.
constexpr std::string_view model = "HDHR4-2US", firmware = "hdhomerun4_atsc";

/// As Ethernet's, sent with the low byte first.
std::uint32_t crc_of(ByteView bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

std::uint32_t check_of(std::uint32_t device) {
  constexpr std::array<std::uint8_t, 16> table = {0xa, 0x5, 0xf, 0x6, 0x7, 0xc, 0x1, 0xb,
                                                  0x9, 0x2, 0x8, 0xd, 0x4, 0x3, 0xe, 0x0};
  std::uint32_t sum = 0;
  for (int digit = 7; digit >= 0; --digit) {
    const std::uint32_t value = device >> 4 * digit & 0xf;
    sum ^= digit % 2 == 1 ? table[value] : value;
  }
  return sum;
}

std::string device_text(std::uint32_t device) {
  char text[16];
  std::snprintf(text, sizeof text, "%08X", device);
  return text;
}

std::string friendly(const TunerFace& face) {
  return "Hearth: " + face.name;
}

struct Value {
  std::uint8_t tag = 0;
  ByteView bytes;
};

/// The next tag of a packet's body; a length above 127 has two bytes, the low seven bits first.
std::optional<Value> next_value(Reader& in) {
  Value out;
  out.tag = in.u8();
  std::size_t length = in.u8();
  if (length > max_short) length = (length & max_short) | static_cast<std::size_t>(in.u8()) << 7;
  out.bytes = in.raw(length);
  return in.ok() ? std::optional(out) : std::nullopt;
}

std::uint32_t number_of(ByteView bytes) {
  std::uint32_t out = 0;
  for (const std::uint8_t byte : bytes) out = out << 8 | byte;
  return out;
}

void put_text(Writer& out, std::uint8_t tag, const std::string& text) {
  out.u8(tag);
  if (text.size() > max_short) {
    out.u8(static_cast<std::uint8_t>((text.size() & max_short) | 0x80));
    out.u8(static_cast<std::uint8_t>(text.size() >> 7));
  } else {
    out.u8(static_cast<std::uint8_t>(text.size()));
  }
  out.raw(as_bytes(text));
}

}  // namespace

std::uint32_t tuner_device(ByteView home) {
  const auto digest = crypto::sha256(home);
  // The last digit makes the check come out.
  std::uint32_t device = (0x10000000U | (number_of(ByteView(digest).first(4)) >> 4)) & 0x1ffffff0U;
  device |= check_of(device);
  return device;
}

bool is_tuner_device(std::uint32_t device) {
  return check_of(device) == 0;
}

std::string discover_document(const TunerFace& face) {
  const wire::Json out = {{"FriendlyName", friendly(face)},
                          {"Manufacturer", "Hearth"},
                          {"ModelNumber", model},
                          {"FirmwareName", firmware},
                          {"FirmwareVersion", HEARTH_VERSION},
                          {"DeviceID", device_text(face.device)},
                          {"DeviceAuth", "hearth"},
                          {"TunerCount", face.streams},
                          {"BaseURL", face.base},
                          {"LineupURL", face.base + "/lineup.json"}};
  return out.dump();
}

std::string lineup_document(const std::vector<ListedChannel>& channels, std::string_view base) {
  wire::Json out = wire::Json::array();
  for (const ListedChannel& one : channels) {
    out.push_back({{"GuideNumber", std::to_string(one.number)},
                   {"GuideName", printable(one.name)},
                   {"URL", std::string(base) + "/channel/" + one.id + ".ts"}});
  }
  return out.dump();
}

std::string lineup_status_document() {
  const wire::Json out = {
      {"ScanInProgress", 0}, {"ScanPossible", 1}, {"Source", "Cable"}, {"SourceList", {"Cable"}}};
  return out.dump();
}

std::string device_document(const TunerFace& face) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\">"
      "<URLBase>";
  append_xml(out, face.base);
  out +=
      "</URLBase><specVersion><major>1</major><minor>0</minor></specVersion><device>"
      "<deviceType>urn:schemas-upnp-org:device:MediaServer:1</deviceType><friendlyName>";
  append_xml(out, friendly(face));
  out += "</friendlyName><manufacturer>Hearth</manufacturer><modelName>" + std::string(model) +
         "</modelName><modelNumber>" + std::string(model) + "</modelNumber><serialNumber>" +
         device_text(face.device) + "</serialNumber><UDN>uuid:" + device_text(face.device) +
         "-0000-4000-8000-000000000000</UDN></device></root>\n";
  return out;
}

bool asks_for_tuner(ByteView packet, std::uint32_t device) {
  if (packet.size() < head_bytes + crc_bytes || packet.size() > max_packet) return false;
  const ByteView signed_part = packet.first(packet.size() - crc_bytes);
  const ByteView sum = packet.last(crc_bytes);
  const std::uint32_t said = sum[0] | std::uint32_t{sum[1]} << 8 | std::uint32_t{sum[2]} << 16 |
                             std::uint32_t{sum[3]} << 24;
  if (said != crc_of(signed_part)) return false;
  Reader in(signed_part);
  const std::uint16_t type = in.u16();
  const std::size_t length = in.u16();
  if (type != type_discover_request || length != signed_part.size() - head_bytes) return false;
  bool of_kind = false, of_id = false;
  while (!in.done()) {
    const auto value = next_value(in);
    if (!value) return false;
    const bool whole = value->bytes.size() == 4;
    const std::uint32_t number = whole ? number_of(value->bytes) : 0;
    if (value->tag == tag_device_type)
      of_kind = whole && (number == type_tuner || number == wildcard);
    if (value->tag == tag_device_id) of_id = whole && (number == device || number == wildcard);
  }
  return of_kind && of_id;
}

Bytes discover_reply(const TunerFace& face) {
  Writer body;
  body.u8(tag_device_type).u8(4).u32(type_tuner);
  body.u8(tag_device_id).u8(4).u32(face.device);
  body.u8(tag_tuner_count).u8(1).u8(static_cast<std::uint8_t>(face.streams));
  put_text(body, tag_base_url, face.base);
  put_text(body, tag_lineup_url, face.base + "/lineup.json");
  Writer packet;
  packet.u16(type_discover_reply).u16(static_cast<std::uint16_t>(body.view().size()));
  packet.raw(body.view());
  const std::uint32_t crc = crc_of(packet.view());
  for (int shift = 0; shift < 32; shift += 8) packet.u8(static_cast<std::uint8_t>(crc >> shift));
  return packet.take();
}

}  // namespace hearth::node
