// The guide as XMLTV: valid by xmltv.dtd and by tv_validate_file, UTC, whole seconds. Programmes of
// a channel follow each other without gaps and overlaps: an end is the next one's start. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/iptv/lineup.h"

namespace hearth::node {

/// How a channel is named in XMLTV and M3U; tv_validate_file wants a dot in it.
std::string xmltv_id(std::string_view channel);

class XmltvWriter {
 public:
  /// `base`: the address of the outputs, without a slash at the end.
  XmltvWriter(std::string_view home, const std::vector<ListedChannel>& channels,
              std::string_view base);
  /// In the order in which they are called on; channels may come in any order.
  void add(const ListedChannel& channel, const std::vector<ListedProgramme>& programmes);
  std::string finish();

 private:
  void add_time(UtcMs at);
  std::string out_;
  std::int64_t day_ = -1;  ///< that `date_` says
  std::string date_;
};

/// Text for between tags and for attributes: what XML cannot carry becomes blanks.
void append_xml(std::string& out, std::string_view text);

}  // namespace hearth::node
