#include "node/web/pictures.h"

#include <algorithm>

#include "common/base/process.h"
#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

constexpr int timeout_ms = 20'000;
constexpr std::size_t max_output = 1024 * 1024;
constexpr std::size_t max_kept_bytes = 16 * 1024 * 1024;
constexpr int max_under_way = 32;

bool is_jpeg(const Bytes& bytes) {
  return bytes.size() > 3 && bytes[0] == 0xff && bytes[1] == 0xd8;
}

}  // namespace

Result<Bytes> encode_anew(ByteView jpeg) {
  auto made =
      run_process({"ffmpeg",
                   "-v",
                   "error",
                   "-nostdin",
                   "-protocol_whitelist",
                   "pipe",
                   "-max_pixels",
                   "16777216",
                   "-f",
                   "mjpeg",
                   "-i",
                   "pipe:0",
                   "-map",
                   "0:v:0",
                   "-frames:v",
                   "1",
                   "-vf",
                   "scale=w='min(640,iw)':h='min(640,ih)':force_original_aspect_ratio=decrease",
                   "-pix_fmt",
                   "yuvj420p",
                   "-map_metadata",
                   "-1",
                   "-q:v",
                   "4",
                   "-f",
                   "mjpeg",
                   "pipe:1"},
                  jpeg, max_output, timeout_ms);
  if (made && made->exit_code == 0 && is_jpeg(made->out)) return std::move(made->out);
  return fail(Code::unsupported_media,
              "The picture cannot be read. Nothing else is wrong with what it belongs to.");
}

net::Task<Result<Pictures::Made>> Pictures::make(Bytes source) {
  if (source.empty()) co_return fail(Code::not_found, "There is no picture of it.");
  const std::string tag = "\"" + to_hex(crypto::sha256(source)) + "\"";
  const auto kept =
      std::find_if(kept_.begin(), kept_.end(), [&](const Made& one) { return one.tag == tag; });
  if (kept != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, kept);
    co_return kept_.front();
  }
  if (under_way_ >= max_under_way) {
    co_return fail(Code::busy, "Many pictures are being made. Nothing is lost; ask again.");
  }
  ++under_way_;
  auto work = [bytes = std::move(source)] { return encode_anew(bytes); };
  auto jpeg = co_await net::on_pool(pool_, std::move(work));
  --under_way_;
  if (!jpeg) co_return pass_on(jpeg.error());
  Made made{std::move(*jpeg), tag};
  kept_bytes_ += made.jpeg.size();
  kept_.push_front(made);
  while (kept_bytes_ > max_kept_bytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.back().jpeg.size();
    kept_.pop_back();
  }
  co_return made;
}

}  // namespace hearth::node
