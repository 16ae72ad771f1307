#include "player/shell/mpv_options.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace hearth::player {
namespace {

// Containers and pictures that libavformat may recognise in a stranger's file. Everything that
// reads a second file or address (playlists, concat, HLS, DASH, SDP, image sequences) is absent.
constexpr const char* allowed_formats =
    "aac,ac3,aiff,amr,ape,apng,asf,au,av1,avi,avif,bmp_pipe,caf,dts,dv,eac3,flac,flv,gif,h264,"
    "hevc,ivf,j2k_pipe,jpeg_pipe,jpegxl_pipe,m4v,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,"
    "mpc8,mpeg,mpegts,mpegvideo,mxf,nut,obu,oga,ogg,pbm_pipe,pcx_pipe,pgm_pipe,png_pipe,ppm_pipe,"
    "psd_pipe,qoi_pipe,rm,tga_pipe,tiff_pipe,tta,vob,w64,wav,webp_pipe,wv,xwma";

bool named(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

Machine this_machine() {
  std::error_code ec;
  const std::filesystem::directory_iterator devices("/dev/dri", ec);
  return {named("DISPLAY"), named("WAYLAND_DISPLAY"),
          !ec && devices != std::filesystem::directory_iterator()};
}

std::string choose_vo(const Machine& machine, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  // Without a render device OpenGL would be drawn by this processor, slower than x11 is.
  if (machine.wayland) return machine.render_device ? "gpu,wlshm" : "wlshm,gpu";
  if (machine.x11) return machine.render_device ? "gpu,x11" : "x11";
  return machine.render_device ? "gpu,drm" : "drm";
}

std::vector<std::pair<std::string, std::string>> mpv_settings(const MpvOptions& options,
                                                              const Machine& machine) {
  const std::string vo = choose_vo(machine, options.vo);
  const std::string formats = std::string("format_whitelist=%") +
                              std::to_string(std::string_view(allowed_formats).size()) + "%" +
                              allowed_formats;
  return {
      // Ours alone: nothing of a user's mpv takes part.
      {"config", "no"},
      {"load-scripts", "no"},
      {"load-osd-console", "no"},
      {"load-stats-overlay", "no"},
      {"load-auto-profiles", "no"},
      {"osc", "no"},
      {"ytdl", "no"},
      {"terminal", "no"},
      {"input-default-bindings", "no"},
      {"input-vo-keyboard", "yes"},
      {"input-media-keys", "no"},
      {"stop-screensaver", "yes"},
      // A stranger's file opens nothing but itself.
      {"demuxer", "lavf"},
      {"demuxer-lavf-o", "protocol_whitelist=none," + formats},
      {"access-references", "no"},
      {"autoload-files", "no"},
      {"load-unsafe-playlists", "no"},
      {"sub-auto", "no"},
      {"audio-file-auto", "no"},
      {"cover-art-auto", "no"},
      {"ordered-chapters", "no"},
      {"embeddedfonts", "no"},
      {"vd-lavc-o", "max_pixels=120000000"},
      // Bounded memory, whatever the title's size.
      {"cache", "yes"},
      {"cache-on-disk", "no"},
      {"demuxer-max-bytes", "32MiB"},
      {"demuxer-max-back-bytes", "8MiB"},
      {"demuxer-lavf-probesize", "5000000"},
      {"cache-pause-initial", "no"},
      {"cache-pause-wait", "1"},
      // The window is there from the first moment to the last.
      {"idle", "yes"},
      {"force-window", "yes"},
      {"keep-open", "no"},
      // Where the last picture is held (an item of a channel), time goes on.
      {"keep-open-pause", "no"},
      {"prefetch-playlist", "yes"},
      {"image-display-duration", "inf"},
      {"title", "Hearth"},
      {"x11-name", "hearth"},
      {"geometry", options.geometry},
      {"keepaspect-window", "no"},
      {"autofit", ""},
      {"fullscreen", options.fullscreen ? "yes" : "no"},
      {"cursor-autohide", "1000"},
      {"osd-font", "Inter"},
      {"sub-font", "Inter"},
      {"osd-level", "0"},
      {"video-timing-offset", "0"},
      {"vo", vo},
      {"hwdec", vo.starts_with("gpu") ? "auto-safe" : "no"},
      // Without a sound device time has to pass all the same.
      {"ao", options.ao.empty() ? "pipewire,pulse,alsa,null" : options.ao},
      {"audio-fallback-to-null", "yes"},
      {"audio-client-name", "Hearth"},
  };
}

std::string media_options(wire::Kind kind, std::int64_t start_ms, const std::string& beside) {
  if (kind == wire::Kind::image) return "start=none,aid=no";
  std::string out = "start=none";
  if (start_ms > 0) {
    out = "start=" + std::to_string(start_ms / 1000) + "." +
          std::to_string(1000 + start_ms % 1000).substr(1);
  }
  // A list whose elements a colon divides, in a list that a comma divides.
  std::string one;
  for (const char c : beside) one += c == ':' ? "\\:" : std::string(1, c);
  if (!one.empty()) {
    out += ",cover-art-files=%" + std::to_string(one.size()) + "%" + one;
  }
  return out;
}

std::string visualisation(int track, int width, int height) {
  return "[aid" + std::to_string(track) +
         "]asplit[ao][bars];[bars]showcqt=s=" + std::to_string(width) + "x" +
         std::to_string(height) + ":fps=25:bar_h=" + std::to_string(height) +
         ":sono_h=0:axis=0:axis_h=0:bar_g=4:bar_v=18:count=1:tlength=0.15:"
         "cscheme=1|0.38|0.10|1|0.52|0.18,format=gbrp,"
         "lutrgb=r=clip(val+11\\,0\\,255):g=clip(val+13\\,0\\,255):b=clip(val+18\\,0\\,255)[vo]";
}

}  // namespace hearth::player
